"""The figures' pages: an overview that is live, one page for each figure, the rows behind it."""

from healthcloud.web.console.figures.live import router as _live
from healthcloud.web.console.figures.pages import router as _pages
from healthcloud.web.console.figures.pulse import end_streams

ROUTERS = (_live, _pages)

__all__ = ["ROUTERS", "end_streams"]
