"""What every page is made of, and what belongs to nobody: the start page, choices of language and display, problems."""

from healthcloud.web.kit.problems import api_reference, explanation, problem_page
from healthcloud.web.kit.samples import router as samples
from healthcloud.web.kit.start import router as start

ROUTERS = (start, samples)
__all__ = ["ROUTERS", "api_reference", "explanation", "problem_page"]
