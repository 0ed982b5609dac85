"""Every page, for `server` to mount at the root."""

from healthcloud.web.clinic import router as clinic
from healthcloud.web.staff import router as staff
from healthcloud.web.start import router as start

ROUTERS = (start, staff, clinic)
