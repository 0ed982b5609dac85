"""Pages at a hospital's counter: the scan line, and binding a browser to its terminal."""

from healthcloud.web.clinic.pages import router
from healthcloud.web.clinic.ports import Scanner

__all__ = ["Scanner", "router"]
