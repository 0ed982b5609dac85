"""Family C of the card platforms, `ehc.*`: one address, SM3 digest, SM4 content."""

import json
import time
from dataclasses import dataclass
from typing import Any

from healthcloud_simulators.hospital import ciphers, dictionaries, signing
from healthcloud_simulators.hospital.faces import NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Link, Refused

PATH = "/erhc/ehealthcard/business.do"
MOST = 500
_YES = ("10", "200", "10000")


@dataclass(slots=True)
class FamilyC:
    """Speaks family C."""

    link: Link
    key: str
    secret: str
    name: str = "family-c"

    def open_card(self, patient: Patient) -> str:
        """申请注册."""
        if not patient.id_number:
            raise NotOffered
        at = self._stamp()
        told = self.ask(
            "ehc.ehealthcard.register",
            {
                "register_no": f"{patient.number}-{at}",
                "register_time": at,
                "apply_type": "3",
                "id_type": patient.id_kind,
                "id_no": patient.id_number,
                "name": patient.name,
                "gender": dictionaries.SEX.get(patient.sex, patient.sex),
                "nation": patient.ethnicity,
                "nationality": patient.nationality,
                "birthday": patient.birth_date,
                "cellphone": patient.phone,
                "patient_no": patient.number,
            },
            is_write=True,
        )
        patient.person_id = told["empi"]
        return str(told["ehealth_card_id"])

    def code(self, patient: Patient) -> str:
        """申领二维码, dynamic."""
        at = self._stamp()
        wish = {"ehealth_card_id": patient.card_id, "ewmbs": "0", "generate_no": at, "generate_time": at}
        return str(self.ask("ehc.ehealthcode.generate", wish)["ehealth_code"])

    def scan(self, code: str, place: Place) -> Scanned:
        """二维码验证."""
        wish = {
            "ehealth_code": code,
            "medstepcode": place.scene,
            "terminalcode": place.terminal_code,
            "channelcode": place.channel,
        }
        told = self.ask("ehc.ehealthcode.verify", wish)
        return Scanned(
            told["name"], told["ehealth_card_id"], told.get("local_number") or "", told.get("repeat") == "1", told
        )

    def bind(self, patient: Patient, code: str) -> None:
        """Family C links by the visit it is told of: 门急诊就诊登记 carries patient_no."""
        del code
        self.visit(patient, f"V{patient.number}")

    def visit(self, patient: Patient, number: str, department: str = "0300") -> None:
        """门急诊就诊登记."""
        row = {
            "visit_no": number,
            "ehealth_card_id": patient.card_id,
            "patient_no": patient.number,
            "visit_type": "O",
            "visit_time": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.link.now() + 8 * 3600)),
            "dept_code": department,
        }
        told = self.ask("ehc.outpatient.add", {"list": [row]})
        one = told["list"][0]
        if one["code"] not in _YES:
            raise Refused(str(one.get("error_code", one["code"])), str(one.get("msg", "")))

    def correct(self, patient: Patient) -> None:
        """信息变更: the card keeps its id."""
        if "changes-card" in self.link.broken:
            self.open_card(patient)
            return
        wish = {"ehealth_card_id": patient.card_id, "name": patient.name, "cellphone": patient.phone}
        self.ask("ehc.ehealthcard.modify", wish | {"alterTime": self._stamp()}, is_write=True)

    def report(self, uses: list[Use]) -> dict[str, str]:
        """用卡数据上传, at most 500 a batch."""
        results: dict[str, str] = {}
        for start in range(0, len(uses), MOST):
            rows = [_row(use) for use in uses[start : start + MOST]]
            told = self.ask("ehc.ehealthcode.usecarddate", {"list": rows}, is_write=True)
            results |= {one["use_no"]: one["result"] or one.get("error_code", "") for one in told["list"]}
        return results

    def ask(self, method: str, content: dict[str, Any], *, is_write: bool = False) -> Any:
        """Ask for something; raise Refused, Away."""
        told = self._ask(method, content)
        if is_write and "sends-twice" in self.link.broken:
            again = {
                name: f"{value}x" if name.endswith("_no") and name != "id_no" else value
                for name, value in content.items()
            }
            told = self._ask(method, again)
        return told

    def _ask(self, method: str, content: dict[str, Any]) -> Any:
        plain = json.dumps(
            {name: value for name, value in content.items() if value not in (None, "")}, ensure_ascii=False
        )
        fields = {
            "app_id": self.key,
            "biz_content": plain,
            "digest_type": "SM3",
            "enc_type": "SM4",
            "method": method,
            "term_id": "HIS1",
            "timestamp": str(round(self.link.now() * 1000)),
            "version": "X.M.0.1",
        }
        if "reuses-nonce" in self.link.broken:
            fields["timestamp"] = "1600000000000"
        secret = self.link.secret(self.secret)
        signed = signing.family_c_string(fields, secret)
        digest = signing.family_c_digest(fields, secret)
        sealed = ciphers.sm4_encrypt(self.secret.encode(), plain.encode()).hex()
        body = json.dumps({**fields, "biz_content": sealed, "digest": digest}, ensure_ascii=False).encode()
        answer = self.link.send("POST", PATH, body, {"Content-Type": "application/json"}, signed=signed)
        told = answer.json()
        content_told = told.get("biz_content")
        if isinstance(content_told, str) and content_told:
            content_told = self._opened(told)
        if str(told.get("code")) not in _YES:
            code = content_told.get("error_code") if isinstance(content_told, dict) else None
            raise Refused(str(code or told.get("code")), str(told.get("msg", "")))
        return content_told

    def _opened(self, told: dict[str, Any]) -> Any:
        """Open an answer, and hold it to its digest."""
        text = told["biz_content"]
        plain = (
            text
            if not told.get("enc_type")
            else ciphers.sm4_decrypt(self.secret.encode(), bytes.fromhex(text)).decode()
        )
        fields = {name: str(value) for name, value in told.items() if name not in ("digest", "request_id")}
        right = signing.family_c_digest(fields | {"biz_content": plain}, self.secret)
        if told.get("digest") != right and "ignores-refusal" not in self.link.broken:
            raise Refused("answer-not-signed", "应答的签名不对")
        return json.loads(plain)

    def _stamp(self) -> str:
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(self.link.now() + 8 * 3600))


def _row(use: Use) -> dict[str, str]:
    return {
        "use_no": use.number,
        "ehealthCardId": use.card_id,
        "medstepcode": use.place.scene,
        "terminalcode": use.place.terminal_code,
        "channelcode": use.place.channel,
        "useTime": use.at,
    }
