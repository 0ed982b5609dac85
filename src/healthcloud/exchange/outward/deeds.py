"""What is done to addresses of institutions and to what could not be delivered, in words an auditor reads."""

from healthcloud import audit

ENDPOINT_SET = "exchange.endpoint-set"
ENDPOINT_REMOVED = "exchange.endpoint-removed"
ENDPOINT_KEY_MADE = "exchange.endpoint-key-made"
ENDPOINT_KEY_USED = "exchange.endpoint-key-used"
LETTER_REPLAYED = "exchange.letter-replayed"
LETTER_DISCARDED = "exchange.letter-discarded"

audit.declare(
    audit.DeedKind(ENDPOINT_SET, zh="登记了机构接收地址", en="An institution's address was entered or changed"),
    audit.DeedKind(ENDPOINT_REMOVED, zh="删除了机构接收地址", en="An institution's address was removed"),
    audit.DeedKind(ENDPOINT_KEY_MADE, zh="生成了接收地址的新密钥", en="A next key for an address was made"),
    audit.DeedKind(ENDPOINT_KEY_USED, zh="启用了接收地址的新密钥", en="The next key of an address came into use"),
    audit.DeedKind(LETTER_REPLAYED, zh="未送达的消息重新发送", en="Undelivered messages were queued again"),
    audit.DeedKind(LETTER_DISCARDED, zh="未送达的消息被放弃", en="An undelivered message was given up"),
)
