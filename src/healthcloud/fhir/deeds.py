"""The deeds done through FHIR, as the person reads them."""

from healthcloud import audit

READ = "fhir.read"
OPENED = "fhir.opened"
MATCHED = "fhir.matched"
CROSSED = "fhir.cross-referenced"
SUBSCRIBED = "fhir.subscribed"
UNSUBSCRIBED = "fhir.unsubscribed"

audit.declare(
    audit.DeedKind(READ, zh="医院系统读取了您的登记（脱敏）", en="A hospital's system read your registration, masked"),
    audit.DeedKind(OPENED, zh="医院系统读取了您的完整登记", en="A hospital's system read your registration unmasked"),
    audit.DeedKind(MATCHED, zh="医院系统比对患者时找到了您", en="A hospital's system found you by comparing patients"),
    audit.DeedKind(
        CROSSED, zh="医院系统查询了您的标识对照", en="A hospital's system looked up how your numbers belong"
    ),
    audit.DeedKind(
        SUBSCRIBED, zh="医疗机构订阅了患者变更通知", en="An institution subscribed to changes of its patients"
    ),
    audit.DeedKind(UNSUBSCRIBED, zh="医疗机构取消了患者变更通知", en="An institution ended its subscription"),
)
