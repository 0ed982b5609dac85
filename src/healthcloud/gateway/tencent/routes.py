"""Under which prefix each method is; those whose prefix nobody knows are under the platform's main one."""

from collections.abc import Mapping

AUTH = "/rest/auth/HealthCard/HealthOpenAuth/AuthObj/"
MAIN = "/rest/auth/HealthCard/HealthOpenPlatform/ISVOpenObj/"
CARD = "/rest/auth/TXHealthCard/EHealthCardServer/ISVOpenObj/"
TOOLS = "/rest/auth/TXHealthCard/EHealthCardServer/ToolsObj/"
TOKEN_METHOD, VERIFY = "getAppToken", "verifyQRCode"
_ELSEWHERE = {
    TOKEN_METHOD: AUTH,
    "getHealthCardByHealthCardId": CARD,
    "checkUniformVerifyResult": CARD,
    "ssmGenQrCode": TOOLS,
    "ssmQueryQrCodeResult": TOOLS,
}
ANSWERED = (
    TOKEN_METHOD,
    VERIFY,
    "registerHealthCard",
    "registerBatchHealthCard",
    "getHealthCardByQRCode",
    "getHealthCardByHealthCardId",
    "getDynamicQRCode",
    "bindCardRelation",
    "reportHISData",
    "reportScanQRCode",
    "updateHealthCardId",
    "registerUniformVerifyOrder",
    "checkUniformVerifyResult",
)
# Refused in the platform's form: they need WeChat, a face check, or a feature this city does not have yet.
NOT_YET = (
    "getHealthCardByHealthCode",
    "ocrInfo",
    "registerHealthCardPreAuth",
    "registerHealthCardPreFill",
    "getRegInfoByCode",
    "bindUnionId",
    "getOrderIdByOutAppId",
    "getPatientsHealthCard",
    "savePatients",
    "saveScanQrField",
    "ssmGenQrCode",
    "ssmQueryQrCodeResult",
    "registerOrder",
    "verifyFaceIdentity",
    "getOrderInfoByOrderId",
    "registerRealPersonAuthOrder",
    "getThirdPartyPlatformInfo",
    "verifyRealNamePatient",
    "reportRealNamePatientData",
    "referralResultNotice",
    "sendMedicalRecordNotice",
    "checkAppointmentLimit",
    "recvPushMsg",
)


def paths(moved: Mapping[str, str]) -> dict[str, str]:
    """Return each method's path; `moved` gives a method another prefix."""
    return {name: moved.get(name, _ELSEWHERE.get(name, MAIN)) + name for name in (*ANSWERED, *NOT_YET)}
