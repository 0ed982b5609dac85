"""The routers of signing in, of being verified, and of the card."""

from healthcloud.web.resident import (
    card,
    card_change,
    card_detail,
    card_offline,
    card_open,
    confirming,
    label,
    real_name,
    sign_in,
)

ROUTERS = (
    sign_in.router,
    real_name.router,
    card.router,
    card_open.router,
    card_change.router,
    card_detail.router,
    card_offline.router,
    label.router,
    confirming.router,
)
