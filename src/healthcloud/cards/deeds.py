"""The deeds people read about their card; a card id stands in none of them."""

from healthcloud import audit

ISSUED = "cards.issued"
PREPARED = "cards.prepared"
ACTIVATED = "cards.activated"
RESTORED = "cards.restored"
FROZEN = "cards.frozen"
UNFROZEN = "cards.unfrozen"
CANCELLED = "cards.cancelled"
TAKEN_BACK = "cards.taken-back"
CONVERTED = "cards.converted"
ALIAS_CHANGED = "cards.alias-changed"
PRINTED = "cards.code-printed"
CODE_SHOWN = "cards.code-shown"
PHONE_ENROLLED = "cards.phone-enrolled"
PHONE_CERTIFIED = "cards.phone-certified"
PHONE_REMOVED = "cards.phone-removed"
LOOKED_UP = "cards.looked-up"
USES_READ = "cards.uses-read"
SCAN_REFUSED = "cards.scan-refused"
BATCH = "cards.batch"
USED_LATE = "cards.used-late"
USE_REPORTED = "cards.use-reported"
LOADED = "cards.loaded"
STOCK_ORDERED = "cards.stock-ordered"
STOCK_READ = "cards.stock-read"
FACT_POLICY = "cards.fact-policy-set"

audit.declare(
    audit.DeedKind(ISSUED, zh="办理了您的电子健康卡", en="Your health card was issued"),
    audit.DeedKind(PREPARED, zh="为您预制了电子健康卡", en="A health card was prepared for you"),
    audit.DeedKind(ACTIVATED, zh="激活了您的电子健康卡", en="Your health card was activated"),
    audit.DeedKind(RESTORED, zh="恢复了您的电子健康卡", en="Your health card was restored"),
    audit.DeedKind(FROZEN, zh="挂失了您的电子健康卡", en="Your health card was frozen"),
    audit.DeedKind(UNFROZEN, zh="解除了您的电子健康卡挂失", en="Your health card was unfrozen"),
    audit.DeedKind(CANCELLED, zh="注销了您的电子健康卡", en="Your health card was cancelled"),
    audit.DeedKind(TAKEN_BACK, zh="收回了错发的电子健康卡", en="A health card issued in error was taken back"),
    audit.DeedKind(CONVERTED, zh="将您的临时卡或新生儿卡转为正式卡", en="Your card became a standard one"),
    audit.DeedKind(
        ALIAS_CHANGED, zh="变更了您的健康卡号对应关系", en="Another number of your card was linked or unlinked"
    ),
    audit.DeedKind(PRINTED, zh="打印了您的静态健康卡码", en="Your printed code was given out"),
    audit.DeedKind(CODE_SHOWN, zh="医疗机构的系统出示了您的健康卡码", en="An institution's system showed your code"),
    audit.DeedKind(PHONE_ENROLLED, zh="登记了一部可离线出码的手机", en="A phone was enrolled to make your codes"),
    audit.DeedKind(PHONE_CERTIFIED, zh="为手机签发了离线码证书", en="A phone's key was certified for codes off line"),
    audit.DeedKind(PHONE_REMOVED, zh="移除了一部可离线出码的手机", en="A phone was removed from your card"),
    audit.DeedKind(LOOKED_UP, zh="按卡号查找了您的电子健康卡", en="Your health card was looked up by its number"),
    audit.DeedKind(USES_READ, zh="查看了您的用卡记录", en="The uses of your card were read"),
    audit.DeedKind(SCAN_REFUSED, zh="扫描您的健康卡码被拒绝", en="A scan of your code was refused"),
    audit.DeedKind(BATCH, zh="一批用卡记录的封存摘要", en="A batch of card uses was sealed"),
    audit.DeedKind(
        USED_LATE,
        zh="离线读取了您的健康卡，联网后补传",
        en="Your card was read off line, and the city told later",
    ),
    audit.DeedKind(
        USE_REPORTED,
        zh="事后上报了一次用卡，平台没有对应的扫码",
        en="A use of your card was reported afterwards; the city saw no scan",
    ),
    audit.DeedKind(LOADED, zh="批量载入了电子健康卡", en="Health cards were loaded in bulk"),
    audit.DeedKind(STOCK_ORDERED, zh="提交了一批预制卡", en="A batch of cards to be made ahead was ordered"),
    audit.DeedKind(STOCK_READ, zh="下载了制卡批次的退回行", en="The rejected rows of a batch of cards were read"),
    audit.DeedKind(FACT_POLICY, zh="修改了纸质码第二项信息的规则", en="The rule on printed codes was changed"),
)
