"""What is done about uploads to the province, in words an auditor reads."""

from healthcloud import audit

ENROLLED = "province.organisation-enrolled"
SENT_AGAIN = "province.refused-sent-again"

audit.declare(
    audit.DeedKind(ENROLLED, zh="登记了机构的省平台凭证", en="An institution's credential at the province was entered"),
    audit.DeedKind(SENT_AGAIN, zh="省平台拒收的用卡记录重新上传", en="Uses the province refused were sent again"),
)
