"""What every page is made of, and what belongs to nobody: the start page, choices of language and display, problems."""

from healthcloud.web.kit.problems import api_reference, explanation, problem_page
from healthcloud.web.kit.start import router

__all__ = ["api_reference", "explanation", "problem_page", "router"]
