"""The deeds about confirmations."""

from healthcloud import audit

ASKED = "exchange.confirmation-asked"
AGREED = "exchange.confirmation-agreed"
DECLINED = "exchange.confirmation-declined"
TOLD = "exchange.confirmation-told"
HOSTS_SET = "exchange.redirect-hosts-set"

audit.declare(
    audit.DeedKind(ASKED, zh="医院请求您本人确认", en="A hospital asked you to confirm something yourself"),
    audit.DeedKind(AGREED, zh="您同意了医院的确认请求", en="You agreed to what a hospital asked"),
    audit.DeedKind(DECLINED, zh="您拒绝了医院的确认请求", en="You declined what a hospital asked"),
    audit.DeedKind(TOLD, zh="医院得知了您的答复", en="The hospital learned your answer"),
    audit.DeedKind(HOSTS_SET, zh="登记了接入程序的回跳主机", en="The hosts browsers return to were registered"),
)
