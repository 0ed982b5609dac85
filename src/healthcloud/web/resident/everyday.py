"""The routers of everyday pages: home, family, what was done with one's data, oneself, hospitals, guides."""

from healthcloud.web.resident import (
    corrections,
    devices,
    family,
    family_add,
    guides,
    home,
    hospitals,
    kept,
    looks,
    me,
    messages,
    sign_in_phone,
    uses,
)

ROUTERS = (
    home.router,
    hospitals.router,
    guides.router,
    family_add.router,
    family.router,
    uses.router,
    looks.router,
    corrections.router,
    devices.router,
    sign_in_phone.router,
    me.router,
    kept.router,
    messages.router,
)
