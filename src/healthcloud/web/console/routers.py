"""Every router of the consoles."""

from healthcloud.web.console.start import router as start

ROUTERS = (start,)
