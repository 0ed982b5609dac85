"""The words that the scripts of the card's pages say, by language."""

from healthcloud import cards
from healthcloud.web.wording import Words

STANDINGS = ("normal", "none", "prepared", "frozen", "risk", "cancelled", "ended")
# Where the way on from a card that cannot be shown leads.
GO = {
    "none": "/card/open",
    "prepared": "/card/open",
    "cancelled": "/card/open",
    "ended": "/card/open",
    "frozen": "/card/unfreeze",
    "risk": "/hospitals",
}

# Parts of keys under card.offline-use, and problems that asking for offline use may meet.
_OFFLINE = (
    *("device", "no-device", "on", "on-open", "off", "off-open", "needs-network", "not-usable", "failed"),
    *("insecure", "no-store", "removed"),
)
_REFUSALS = (
    *("phones-full", "phone-slots-spent", "phone-label", "real-name-needed", "card-not-usable", "card-not-found"),
)


def card_words(words: Words) -> dict[str, object]:
    """Return what the card's page says by script."""
    return {
        "standings": {
            key: {
                "name": words(f"card.status.{key}"),
                "about": words(f"card.about.{key}"),
                "go": GO.get(key, ""),
                "do": words(f"card.do.{key}") if key in GO else "",
            }
            for key in STANDINGS
        },
        "kinds": {str(kind): words(f"card.kind.{kind}") for kind in cards.CardKind},
        "of": words("card.of", name="#"),
        "label": words("card.code-label", name="#"),
        "document": words("card.document"),
        "noDocument": words("card.no-document"),
        "until": words("card.until"),
        "own": words("card.own"),
        "in": words("card.in", count="#"),
        "hold": words("card.hold"),
        "fresh": words("card.fresh"),
        "failed": words("card.failed"),
        "offline": words("card.offline"),
        "over": words("card.over"),
        "local": words("card.phone.local", at="#"),
        "localFailed": words("card.phone.local-failed", at="#"),
        "spent": words("card.phone.spent"),
        "stopped": words("card.phone.stopped", at="#"),
        "deviceOver": words("card.phone.device-over"),
        "never": words("card.never"),
        "somePlace": words("card.some-place"),
    }


def offline_words(words: Words) -> dict[str, object]:
    """Return what the page of offline use says by script."""
    said = {_camel(key): words(f"card.offline-use.{key}") for key in _OFFLINE}
    own = {"phone-kept-in-list": words("card.offline-use.kept-in-list")}
    return said | {
        "whose": words("card.whose", name="#"),
        "problems": own | {code: words(f"problem.{code}") for code in _REFUSALS},
    }


def device_words(words: Words) -> dict[str, str]:
    """Return what the check of a phone says by script."""
    checks = ("secure", "keys", "kept", "worker", "lasting", "clock", "code", "camera", "wake")
    ways = {"online": ("ok", "no"), "offline": ("ok", "warn", "no"), "device": ("ok", "no"), "printed": ("ok",)}
    return (
        {key: words(f"device.{key}") for key in ("looking", "done", "again")}
        | {f"mark.{mark}": words(f"device.mark.{mark}") for mark in ("ok", "warn", "no")}
        | {f"check.{key}": words(f"device.check.{key}") for key in checks}
        | {f"way.{key}": words(f"device.way.{key}.name") for key in ways}
        | {f"way.{key}.{mark}": words(f"device.way.{key}.{mark}") for key, marks in ways.items() for mark in marks}
    )


def _camel(key: str) -> str:
    first, *more = key.split("-")
    return first + "".join(part.capitalize() for part in more)
