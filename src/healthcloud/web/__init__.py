"""Web: HTML by audience, calling features' front doors; it holds no SQL."""

from healthcloud.web.assets import Assets
from healthcloud.web.clinic import Scanner
from healthcloud.web.routers import ROUTERS

__all__ = ["ROUTERS", "Assets", "Scanner"]
