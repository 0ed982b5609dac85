"""Pages at a hospital's counter: scanning, finding, registering and opening cards, a loss, the desk and its lock."""

from healthcloud.web.clinic import find, label, lock, register, scan, service, settings, shell
from healthcloud.web.clinic.ports import Scanner

ROUTERS = (
    scan.router,
    shell.router,
    find.router,
    register.router,
    service.router,
    label.router,
    settings.router,
    lock.router,
)

__all__ = ["ROUTERS", "Scanner"]
