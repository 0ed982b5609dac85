"""Every page, for `server` to mount at the root."""

from healthcloud.web.clinic import router as clinic
from healthcloud.web.console import ROUTERS as CONSOLE
from healthcloud.web.kit import router as kit
from healthcloud.web.staff import router as staff

ROUTERS = (
    kit,
    staff,
    clinic,
    *CONSOLE,
)
