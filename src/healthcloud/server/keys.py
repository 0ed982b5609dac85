"""The key file of this installation: made and completed by itself in development, by an administrator in production."""

from healthcloud.core.crypto import FileKeyStore, create_development_keys
from healthcloud.core.settings import Settings
from healthcloud.server.errors import KeysIncomplete, ProductionRefused
from healthcloud.server.places import keys_file
from healthcloud.server.purposes import PURPOSES


def open_keys(settings: Settings) -> FileKeyStore:
    """Open the key file; outside production make or complete it. Raise KeysIncomplete or ProductionRefused."""
    path = keys_file(settings)
    if settings.keys_file is None and not settings.production:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_development_keys(path, PURPOSES)
    keys = FileKeyStore(path)
    if settings.production and keys.development:
        raise ProductionRefused("HEALTHCLOUD_KEYS_FILE holds development keys: create real ones.")
    missing = sorted({purpose.name for purpose in PURPOSES} - {line.purpose for line in keys.lines()})
    if missing:
        raise KeysIncomplete(", ".join(missing))
    return keys
