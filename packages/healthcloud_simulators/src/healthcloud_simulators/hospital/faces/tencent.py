"""The Tencent open platform's methods, as a hospital's WeChat entrance calls them: a token first, then everything."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from healthcloud_simulators.hospital import dictionaries, signing
from healthcloud_simulators.hospital.faces import NotOffered, Patient, Place, Scanned, Use
from healthcloud_simulators.hospital.link import Link, Refused

TOKEN = "/rest/auth/HealthCard/HealthOpenAuth/AuthObj/"  # noqa: S105 - a path
CARDS = "/rest/auth/HealthCard/HealthOpenPlatform/ISVOpenObj/"
KEPT_SECONDS = 1.8 * 3600
_CHANNEL = 4  # 扫码终端
_CHANNELS = {"01": "0100", "02": "0200", "99": "0300"}
_SCENES = {"010101": "0101012", "010105": "0101051", "010104": "0101082"}


@dataclass(slots=True)
class Tencent:
    """Speaks the Tencent platform's methods; `hospital` is its five digits, or whatever the city knows it by."""

    link: Link
    key: str
    secret: str
    hospital: str = ""
    name: str = "tencent"
    _token: str = ""
    _until: float = 0.0

    def open_card(self, patient: Patient) -> str:
        """Ask for registerHealthCard."""
        if not patient.id_number:
            raise NotOffered
        wish = {
            "name": patient.name,
            "gender": dictionaries.SEX.get(patient.sex, "未知"),
            "nation": dictionaries.ETHNIC_NAMES.get(patient.ethnicity, patient.ethnicity),
            "birthday": patient.birth_date,
            "idNumber": patient.id_number,
            "idType": patient.id_kind,
            "phone1": patient.phone,
            "patid": "" if "does-not-bind" in self.link.broken else patient.number,
        }
        return str(self.ask("registerHealthCard", wish)["healthCardId"])

    def code(self, patient: Patient) -> str:
        """Ask for getDynamicQRCode."""
        wish = {
            "healthCardId": patient.card_id,
            "idType": patient.id_kind,
            "idNumber": patient.id_number,
            "codeType": "0",
        }
        return str(self.ask("getDynamicQRCode", wish)["qrCodeText"])

    def scan(self, code: str, place: Place) -> Scanned:
        """Ask for verifyQRCode."""
        wish = {
            "qrCodeText": code,
            "terminalId": place.terminal_code,
            "time": self._now(),
            "medicalStep": place.scene,
            "channelCode": place.channel,
            "useCityCode": "370400",
            "useCityName": "枣庄市",
            "hospitalCode": self.hospital,
            "hospitalName": "演示医院",
            "useType": "01",
        }
        told = self.ask("verifyQRCode", wish)
        card = told.get("card") or {}
        return Scanned(told["name"], told["healthCardId"], str(card.get("patid") or ""), more=told)

    def bind(self, patient: Patient, code: str) -> None:
        """Ask for bindCardRelation."""
        self.ask("bindCardRelation", {"patid": patient.number, "qrCodeText": code})

    def correct(self, patient: Patient) -> None:
        """The platform sets right by registering again: the same document is the same card."""
        self.open_card(patient)

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Ask for reportHISData, one by one."""
        results = {}
        for use in uses:
            wish = {
                "qrCodeText": use.code,
                "time": use.at,
                "hospitalCode": self.hospital,
                "scene": _SCENES.get(use.place.scene, "0101012"),
                "department": use.place.department or "内科",
                "cardType": "11",
                "cardChannel": _CHANNELS.get(use.place.channel, "0300"),
                "cardCostTypes": "0100",
            }
            try:
                self.ask("reportHISData", wish, request_id=use.number)
                results[use.number] = "taken"
            except Refused as refused:
                results[use.number] = refused.code
        return results

    def ask(self, method: str, wish: dict[str, Any], *, request_id: str = "") -> Any:
        """Ask for something; raise Refused, Away."""
        if self.link.now() > self._until:
            told = self._ask(f"{TOKEN}getAppToken", {"appId": self.key}, "", "")
            self._token, self._until = told["appToken"], self.link.now() + KEPT_SECONDS
        return self._ask(f"{CARDS}{method}", wish, self._token, request_id)

    def _ask(self, path: str, wish: dict[str, Any], token: str, request_id: str) -> Any:
        fresh = self.link.nonce().upper() if "reuses-nonce" in self.link.broken else secrets.token_hex(16).upper()
        common: dict[str, Any] = {
            "appToken": token,
            "requestId": request_id or fresh,
            "hospitalId": self.hospital,
            "timestamp": str(int(self.link.now())),
            "channelNum": _CHANNEL,
            "relateAppId": self.key,
            "relateOpenId": "o-simulated",
        }
        secret = self.link.secret(self.secret)
        signed = signing.tencent_string(common, wish, secret)
        common["sign"] = signing.tencent_sign(common, wish, secret)
        body = json.dumps({"commonIn": common, "req": wish}, ensure_ascii=False).encode()
        told = self.link.send("POST", path, body, {"Content-Type": "application/json"}, signed=signed).json()
        out = told.get("commonOut") or {}
        if out.get("resultCode") != 0:
            raise Refused(str(out.get("resultCode")), str(out.get("errMsg", "")))
        return told.get("rsp") or {}

    def _now(self) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.link.now() + 8 * 3600))
