"""The sandbox's pages, for a vendor's engineer: citizens, clock, switches, journal, comparing strings; no account."""

from healthcloud.web.sandbox.pages import router

__all__ = ["ROUTERS"]

ROUTERS = (router,)
