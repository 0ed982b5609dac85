"""Pages of staff: signing in, signing out, and setting both factors after an invitation."""

from healthcloud.web.staff.pages import router

__all__ = ["router"]
