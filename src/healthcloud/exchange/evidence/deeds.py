"""The words of every deed of evidence."""

from healthcloud import audit

SEARCHED, OPENED = "exchange.messages-searched", "exchange.message-opened"
DEEDS = (
    audit.DeedKind(SEARCHED, zh="查找了机构的报文目录", en="The list of an institution's messages was searched"),
    audit.DeedKind(OPENED, zh="打开并导出了一条报文的存证", en="One message was opened and exported as evidence"),
)
audit.declare(*DEEDS)
