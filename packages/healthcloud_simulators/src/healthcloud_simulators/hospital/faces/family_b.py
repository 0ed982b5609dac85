"""Family B of the card platforms, V2.0.0: head and body signed apart, starred fields SM4-encrypted one by one."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from healthcloud_simulators.hospital import ciphers, dictionaries, signing
from healthcloud_simulators.hospital.faces import NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Link, Refused

PATH = "/api/do"
STARRED = {"name", "idCode", "phone", "motherName", "motherIdCode", "checkName", "checkIdCode"}


@dataclass(slots=True)
class FamilyB:
    """Speaks family B."""

    link: Link
    key: str
    secret: str
    organisation: str = ""
    name: str = "family-b"

    def open_card(self, patient: Patient) -> str:
        """注册并申领二维码; a child without documents by its mother (personnelType 2)."""
        wish: dict[str, Any] = {
            "name": patient.name,
            "sex": dictionaries.SEX.get(patient.sex, patient.sex),
            "nation": patient.ethnicity,
            "nationality": patient.nationality,
            "birthday": patient.birth_date.replace("-", ""),
            "phone": patient.phone,
            "appMode": "3",
            "personnelType": "1" if patient.id_number else "2",
        }
        if patient.id_number:
            wish |= {"idCardTypeCode": patient.id_kind, "idCode": patient.id_number}
        else:
            wish |= {"motherIdCode": patient.mother_id_number, "multpripleBirths": str(patient.birth_order or 1)}
        told = self.ask("createVmcardQRcode", wish, is_write=True)
        patient.person_id = told["empi"]
        return str(told["erhcCardNo"])

    def code(self, patient: Patient) -> str:
        """领码激活, which tells the code of this minute."""
        return str(self.ask("activateVmcardQRcode", {"erhcCardNo": patient.card_id})["qrCode"])

    def scan(self, code: str, place: Place) -> Scanned:
        """扫码获取个人信息."""
        wish = {"qrCode": code, "terminalCode": place.terminal_code, "medStepCode": place.scene, "appMode": "3"}
        told = self.ask("getPersonInfoByQrCode", wish)
        return Scanned(told["name"], told["erhcCardNo"], told.get("localNumber") or "", told.get("repeat") == "1", told)

    def bind(self, patient: Patient, code: str) -> None:
        """Family B has no method that links a number."""
        del patient, code
        raise NotOffered

    def correct(self, patient: Patient) -> None:
        """信息变更, by erhcCardNo."""
        wish = {"erhcCardNo": patient.card_id, "name": patient.name, "phone": patient.phone}
        self.ask("modifyVmcardInfo", wish, is_write=True)

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Family B counts each scan by itself: there is nothing to upload."""
        return {use.number: "counted-by-scan" for use in uses}

    def ask(self, method: str, body: dict[str, Any], *, is_write: bool = False) -> Any:
        """Ask for something; raise Refused, Away."""
        told = self._ask(method, body)
        return self._ask(method, body) if is_write and "sends-twice" in self.link.broken else told

    def _ask(self, method: str, body: dict[str, Any]) -> Any:
        key, secret = self.secret.encode(), self.link.secret(self.secret)
        said = {name: value for name, value in body.items() if value not in (None, "")}
        said |= {"orgCode": self.organisation or "KGA", "appRecordNo": secrets.token_hex(8)}
        sealed = {
            name: ciphers.sm4_encrypt(key, value.encode()).hex() if name in STARRED else value
            for name, value in said.items()
        }
        head = {
            "appId": self.key,
            "nonceStr": self.link.nonce(),
            "timestamp": str(int(self.link.now())),
            "version": "V2.0.0",
        }
        whole = {
            **head,
            "method": method,
            "headSign": signing.family_b_sign(head, secret),
            "bodySign": signing.family_b_sign(sealed, secret),
            "signMode": "SM3",
            "encryptMode": "SM4/ECB/ZeroBytePadding",
            "body": sealed,
        }
        content = json.dumps(whole, ensure_ascii=False).encode()
        signed = f"{signing.pairs(sealed)}&key={secret}"
        told = self.link.send("POST", PATH, content, {"Content-Type": "application/json"}, signed=signed).json()
        answer = told.get("body") or {}
        if told.get("code") != 0:
            raise Refused(str(answer.get("errorCode", told.get("code"))), str(told.get("message", "")))
        if signing.family_b_sign(answer, self.secret) != told.get("bodySign"):
            raise Refused("answer-not-signed", "应答的签名不对")
        return {
            name: ciphers.sm4_decrypt(key, bytes.fromhex(value)).decode() if name in STARRED and value else value
            for name, value in answer.items()
        }
