"""What a subscription is, as FHIR writes it and as it is read; pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.fhir.model import Json, Resource

CRITERIA = "Patient"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Subscription:
    """That an institution wants to hear when something about a patient of its own changes, at this endpoint."""

    institution_id: UUID
    id: UUID
    criteria: str
    endpoint: str
    reason: str
    made_at: datetime
    made_by: UUID


def subscription_of(one: Subscription) -> Resource:
    """Write a Subscription."""
    return {
        "resourceType": "Subscription",
        "id": str(one.id),
        "meta": {"versionId": "1", "lastUpdated": one.made_at.isoformat(timespec="milliseconds")},
        "status": "active",
        "reason": one.reason,
        "criteria": one.criteria,
        "channel": {"type": "rest-hook", "endpoint": one.endpoint},
    }


def read_subscription(sent: Resource, registered: str | None) -> str:
    """Return the reason a Subscription gives; raise Unacceptable for what is not offered."""
    channel = sent.get("channel")
    told = channel if isinstance(channel, dict) else {}
    faults = []
    if str(sent.get("criteria", "")).rstrip("?") != CRITERIA:
        faults.append(FieldFault("Subscription/criteria", f"must be {CRITERIA}", f"只能为 {CRITERIA}"))
    if told.get("type") != "rest-hook":
        faults.append(FieldFault("Subscription/channel/type", "must be rest-hook", "只能为 rest-hook"))
    if told.get("payload"):
        en, zh = "must be left out: a notice carries ids only", "不可填写：通知只含编号"
        faults.append(FieldFault("Subscription/channel/payload", en, zh))
    if registered is None or told.get("endpoint") not in (None, registered):
        en = "must be your institution's registered endpoint, which asks for fhir.notice"
        faults.append(FieldFault("Subscription/channel/endpoint", en, "须为本机构已登记、且接收 fhir.notice 的地址"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
    return str(sent.get("reason", ""))[:LONGEST_REASON]


def notice_of(one: Subscription, patient_id: UUID) -> dict[str, Json]:
    """Write a notice: which subscription, and which Patient to read; never what changed."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": f"Subscription/{one.id}"}},
            {"name": "focus", "valueReference": {"reference": f"Patient/{patient_id}"}},
        ],
    }
