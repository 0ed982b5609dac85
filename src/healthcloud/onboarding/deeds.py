"""What is done about onboarding, in words an auditor reads."""

from healthcloud import audit

APPLIED = "onboarding.applied"
REPORTED = "onboarding.report-kept"

audit.declare(
    audit.DeedKind(APPLIED, zh="提交或修改了接入申请", en="An application to connect was made or changed"),
    audit.DeedKind(REPORTED, zh="收下了一致性报告", en="A conformance report was taken in"),
)
