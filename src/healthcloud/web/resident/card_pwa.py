"""What makes the card's pages an application on a phone: the manifest, and the service worker with what it keeps."""

from functools import cache

import msgspec

from healthcloud.web.assets import asset, load, version
from healthcloud.web.wording import words_in

PAGES = ("/card", "/card/offline")
# Every file the pages load; tests/web/test_card_shell.py holds it to what they name.
FILES = (
    "kit/tokens.css",
    "kit/kit.css",
    "kit/kit.js",
    "kit/mark.svg",
    "resident/card.css",
    "resident/card.js",
    "resident/card_phone.js",
    "resident/card_view.js",
    "resident/offline.js",
    "resident/phone_codes.js",
    "resident/phone_kept.js",
    "resident/qr.js",
)
_BRAND, _GROUND = "#0b6e5f", "#f4f7f6"
_ICONS = (("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"))


@cache
def worker_script() -> bytes:
    """Return the service worker, which is another one whenever any file is: its version is their digest."""
    shells = {"version": version(), "pages": PAGES, "files": [asset(name) for name in FILES]}
    return b"globalThis.SHELLS = " + msgspec.json.encode(shells) + b";\n" + load("resident/worker.js").plain


@cache
def manifest(language: str) -> bytes:
    """Return the web application manifest in a language."""
    words = words_in(language)
    icons = [
        {
            "src": asset(f"resident/icon-{'maskable' if purpose == 'maskable' else size.partition('x')[0]}.png"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in _ICONS
    ]
    told = {
        "id": "/card",
        "name": words("card.title"),
        "short_name": words("card.title"),
        "description": words("card.phone.app"),
        "lang": language,
        "start_url": "/card",
        "scope": "/",
        "display": "standalone",
        "background_color": _GROUND,
        "theme_color": _BRAND,
        "icons": icons,
    }
    return msgspec.json.encode(told)
