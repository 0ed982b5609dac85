"""What every page is made of, and what belongs to nobody: the start page, the choice of language and of display."""

from healthcloud.web.kit.start import router

__all__ = ["router"]
