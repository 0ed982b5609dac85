"""Web: HTML by audience, calling features' front doors; it holds no SQL."""

from healthcloud.web.assets import Assets
from healthcloud.web.clinic import Scanner
from healthcloud.web.console.figures import end_streams
from healthcloud.web.kit import api_reference, explanation, problem_page
from healthcloud.web.routers import FIRST, ROUTERS

__all__ = ["FIRST", "ROUTERS", "Assets", "Scanner", "api_reference", "end_streams", "explanation", "problem_page"]
