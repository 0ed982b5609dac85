"""Staff: who works here, how they come, change and go, and which roles they hold until when."""

from healthcloud.web.console.staff import acts, inviting, pages, roles

ROUTERS = (inviting.router, pages.router, acts.router, roles.router)

__all__ = ["ROUTERS"]
