"""What is done about uploads to the province, in words an auditor reads."""

from healthcloud import audit

ENROLLED = "province.organisation-enrolled"

audit.declare(
    audit.DeedKind(ENROLLED, zh="登记了机构的省平台凭证", en="An institution's credential at the province was entered")
)
