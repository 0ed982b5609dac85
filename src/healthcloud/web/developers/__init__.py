"""The pages for who connects a system (对接指南): guide, reference, catalogue of errors, changelog, status; for all."""

from healthcloud.web.developers.pages import router

ROUTERS = (router,)
__all__ = ["ROUTERS"]
