"""What every page is made of, and what belongs to nobody: choices of language and display, problems, samples."""

from healthcloud.web.kit.choices import router as choices
from healthcloud.web.kit.problems import api_reference, busy_page, explanation, problem_page
from healthcloud.web.kit.samples import router as samples

ROUTERS = (choices, samples)
__all__ = ["ROUTERS", "api_reference", "busy_page", "explanation", "problem_page"]
