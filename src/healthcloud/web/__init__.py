"""Web: HTML by audience, calling features' front doors; it holds no SQL."""

from healthcloud.web.assets import Assets
from healthcloud.web.clinic import Scanner
from healthcloud.web.console.figures import end_streams
from healthcloud.web.kit import api_reference, busy_page, explanation, problem_page
from healthcloud.web.page import LANGUAGE_COOKIE
from healthcloud.web.resident.card_gathered import GatheredLooks
from healthcloud.web.resident.card_looks import card_looks
from healthcloud.web.routers import ROUTERS
from healthcloud.web.sandbox import ROUTERS as SANDBOX
from healthcloud.web.wording import LANGUAGES

__all__ = [
    "LANGUAGES",
    "LANGUAGE_COOKIE",
    "ROUTERS",
    "SANDBOX",
    "Assets",
    "GatheredLooks",
    "Scanner",
    "api_reference",
    "busy_page",
    "card_looks",
    "end_streams",
    "explanation",
    "problem_page",
]
