"""Pages at a hospital's counter: scanning, finding, registering and opening cards, a loss, the desk and its lock."""

from healthcloud.web.clinic import find, label, late, lock, photo, register, scan, service, settings, shell
from healthcloud.web.clinic.ports import Scanner

ROUTERS = (
    scan.router,
    shell.router,
    late.router,
    find.router,
    register.router,
    service.router,
    photo.router,
    label.router,
    settings.router,
    lock.router,
)

__all__ = ["ROUTERS", "Scanner"]
