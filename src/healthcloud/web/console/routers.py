"""Every router of the consoles."""

from healthcloud.web.console.clients import router as clients
from healthcloud.web.console.figures import ROUTERS as FIGURES
from healthcloud.web.console.institutions import ROUTERS as INSTITUTIONS
from healthcloud.web.console.staff import ROUTERS as STAFF
from healthcloud.web.console.start import router as start

ROUTERS = (start, *FIGURES, *INSTITUTIONS, clients, *STAFF)
