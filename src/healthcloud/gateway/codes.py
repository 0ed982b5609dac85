"""
How each face names what came of a request: its success, and its codes for our problems.

A problem that a face has no code for is its general failure; our own code and sentence stand in the message of every
refusal, so that nobody has to guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthcloud.core.errors import Problem
from healthcloud.gateway.fields import REQUIRED


@dataclass(frozen=True, slots=True)
class FaceCodes:
    """
    A face's result codes: `codes` by the code of our problem, or of the kind of problem it is.

    `missing` goes before them: by the name of a field that had to be there and was not, wherever in the request.
    """

    name: str
    zh: str
    success: str
    failure: str
    codes: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    def of(self, problem: Problem) -> str:
        """Return this face's code for a problem."""
        for fault in problem.faults:
            code = self.missing.get(fault.pointer.rpartition("/")[2])
            if code is not None and (fault.en, fault.zh) == REQUIRED:
                return code
        for kind in type(problem).__mro__:
            code = self.codes.get(getattr(kind, "code", ""))
            if code is not None:
                return code
        return self.failure


FAMILY_B = FaceCodes(
    "family-b",
    "卡管接口 V2.0.0（前置机）",
    "0",
    "9999",
    {
        "malformed": "1001",
        "unacceptable": "1002",
        "face-method-unknown": "1003",
        "face-algorithm-refused": "1004",
        "body-too-large": "1005",
        "face-signature-wrong": "1101",
        "signature-key-unknown": "1102",
        "signature-key-revoked": "1103",
        "signature-clock": "1104",
        "signature-replayed": "1105",
        "address-not-allowed": "1106",
        "quota-exceeded": "1107",
        "unauthenticated": "1101",
        "forbidden": "1108",
        "idempotency-key-reused": "1109",
        "person-not-found": "2001",
        "card-not-found": "2002",
        "card-unknown": "2002",
        "identity-conflict": "2003",
        "document-belongs-to-another": "2004",
        "registry-mismatch": "2005",
        "real-name-needed": "2006",
        "phone-has-too-many-persons": "2007",
        "local-number-taken": "2008",
        "mother-not-found": "2009",
        "card-not-usable": "2010",
        "card-frozen": "3001",
        "card-cancelled": "3002",
        "card-not-active": "3003",
        "card-expired": "3004",
        "holder-deceased": "3005",
        "holder-withdrawn": "3005",
        "code-unreadable": "3101",
        "code-forged": "3102",
        "code-signature-wrong": "3102",
        "code-expired": "3103",
        "clock-off": "3104",
        "code-replayed": "3105",
        "second-fact-required": "3106",
        "second-fact-wrong": "3107",
        "terminal-unknown": "3201",
        "scene-unknown": "3202",
        "unavailable": "9001",
        "conflict": "2999",
        "not-found": "2001",
    },
)
# The province tells success and failure apart, no more; our own code says which.
FAMILY_C = FaceCodes("family-c", "卡管接口 ehc.*（省平台）", "10", "00")
# What is known of the platform's table; everything else is -1 with our own code in errMsg. 1204 is a hospital's own
# registration refused; 1201 an empty code of a citizen's visit. -10044 is never told: nobody knows what to do about it.
TENCENT = FaceCodes(
    "tencent",
    "腾讯健康卡开放平台",
    "0",
    "-1",
    {
        "phone-has-too-many-persons": "1202",
        "local-number-taken": "1204",
        "too-many-kept": "1205",
        "too-many-keepers": "1205",
    },
    missing={"idNumber": "1031", "idCard": "1031", "motherIdNumber": "1031", "verifyResult": "1201"},
)
SHANDONG = FaceCodes("shandong", "山东医院侧电子健康卡接口", "0", "-1")
FACES = (FAMILY_B, FAMILY_C, TENCENT, SHANDONG)


def message_of(problem: Problem) -> str:
    """Return a refusal as one line of Chinese with our code; it names fields, never what stood in them."""
    faults = "；".join(f"{fault.pointer} {fault.zh}" for fault in problem.faults)
    facts = "，".join(f"{name}={value}" for name, value in problem.facts.items() if value is not None)
    told = "".join(f"（{one}）" for one in (faults, facts) if one)
    return f"{problem.zh}{told}[{problem.code}]"
