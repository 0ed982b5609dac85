"""The reference pages, generated from the code: settings, problems, metrics, deeds, events."""

from healthcloud.server.catalogue import every_problem, import_everything
from healthcloud.server.reference.pages import PAGES, write_pages

__all__ = ["PAGES", "every_problem", "import_everything", "write_pages"]
