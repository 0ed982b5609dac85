"""The deeds of looking behind figures."""

from healthcloud import audit

PERSON_SEEN = "figures.person-seen"
REBUILT = "figures.rebuild-asked"

audit.declare(
    audit.DeedKind(
        PERSON_SEEN, zh="在统计明细中查看了您的脱敏姓名", en="Your masked name was shown among the rows behind a figure"
    ),
    audit.DeedKind(REBUILT, zh="要求重新计算统计指标", en="The figures were to be counted anew"),
)
