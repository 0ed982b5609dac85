from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from core.crypto.hands import Hands

from healthcloud.core.crypto import Algorithm, FileKeyStore, Purpose, Use, Vault, create_development_keys

PURPOSES = (
    Purpose("people.face", Use.SEAL),
    Purpose("people.phone", Use.SEAL),
    Purpose("people.document", Use.FINGERPRINT),
    Purpose("cards.code", Use.DERIVE),
    Purpose("audit.head", Use.SIGN),
    Purpose("cards.browser", Use.SIGN, Algorithm.P256_SHA256),
    Purpose("cards.door", Use.SIGN, Algorithm.ED25519),
)


@pytest.fixture
def clock() -> Hands:
    return Hands(datetime.now(UTC) + timedelta(hours=1))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    create_development_keys(path, PURPOSES)
    return path


@pytest.fixture
def store(key_file: Path, clock: Hands) -> FileKeyStore:
    return FileKeyStore(key_file, clock=clock)


@pytest.fixture
def vault(store: FileKeyStore) -> Vault:
    return Vault(store)
