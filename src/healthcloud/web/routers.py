"""Every page, for `server` to mount at the root."""

from healthcloud.web.clinic import ROUTERS as CLINIC
from healthcloud.web.console import ROUTERS as CONSOLE
from healthcloud.web.developers import ROUTERS as DEVELOPERS
from healthcloud.web.kit import ROUTERS as KIT
from healthcloud.web.resident.card_routers import ROUTERS as CARD
from healthcloud.web.resident.everyday import ROUTERS as EVERYDAY
from healthcloud.web.staff import router as staff

__all__ = ["ROUTERS"]

ROUTERS = (
    *KIT,
    *DEVELOPERS,
    staff,
    *CLINIC,
    *CONSOLE,
    *EVERYDAY,
    *CARD,
)
