"""The deeds about kept messages."""

from healthcloud import audit

OPENED = "exchange.held-opened"
TAKEN = "exchange.held-taken"

audit.declare(
    audit.DeedKind(OPENED, zh="运维人员查看了关于您的一条暂存报文", en="An operator opened a kept message about you"),
    audit.DeedKind(
        TAKEN, zh="暂存的报文由新启用的功能接手", en="Kept messages were taken over by the feature they are for"
    ),
)
