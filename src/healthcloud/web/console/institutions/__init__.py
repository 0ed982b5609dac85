"""Institutions: the list with its filters, one institution with everything that is its, and what is done to it."""

from healthcloud.web.console.institutions import acts, departments, pages, practitioners, terminals

ROUTERS = (pages.router, acts.router, departments.router, practitioners.router, terminals.router)

__all__ = ["ROUTERS"]
