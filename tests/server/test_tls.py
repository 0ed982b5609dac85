"""HTTPS of a city's own, as a client meets it that trusts the local authority, or nobody."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from healthcloud.core.settings import Settings, production_faults
from healthcloud.server.cli.running import with_public_url
from healthcloud.server.tls import (
    NotALocalName,
    TlsFiles,
    TlsFilesIncomplete,
    knowing,
    prepare_files,
    tls_files,
    trusting,
)
from healthcloud.server.tls.authority import Pair, make_authority, make_server, speaks_for

NOW = datetime.now(UTC)


def settings(var: Path, **more: Any) -> Settings:
    return with_public_url(Settings(var=var, tls=True, **more))


@asynccontextmanager
async def shown(files: TlsFiles) -> AsyncIterator[int]:
    """Show this certificate at a port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)

    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def accepts(port: int, name: str, trusted: ssl.SSLContext) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusted, server_hostname=name)
    except ssl.SSLCertVerificationError:
        return False
    writer.close()
    return True


def ready(given: Settings, now: datetime = NOW) -> TlsFiles:
    files = prepare_files(given, now)
    assert files is not None
    return files


async def test_whoever_trusts_the_authority_trusts_the_city_by_each_of_its_names(tmp_path: Path) -> None:
    files = ready(settings(tmp_path))
    async with shown(files) as port:
        for name in ("localhost", "127.0.0.1", "::1", socket.gethostname()):
            assert await accepts(port, name, trusting(files.authority)), name
        assert not await accepts(port, "elsewhere.example", trusting(files.authority))
        assert not await accepts(port, "localhost", trusting(None))
        assert await accepts(port, "any-name", knowing(files))


async def test_a_stolen_authority_cannot_play_somebody_elses_site(tmp_path: Path) -> None:
    authority = make_authority("desk-7", NOW)
    assert speaks_for(authority, "desk-7")
    assert speaks_for(authority, "192.168.3.4")
    assert not speaks_for(authority, "8.8.8.8")
    assert not speaks_for(authority, "bank.example")
    with pytest.raises(NotALocalName):
        make_server(authority, ["bank.example"], NOW)
    # Even if the thief writes what we would not: a client refuses it, because the authority itself says so.
    server = make_server(authority, ["localhost"], NOW)
    builder = (
        x509.CertificateBuilder()
        .subject_name(server.certificate.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(server.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bank.example")]), critical=False)
    )
    bank = Pair(builder.sign(authority.key, hashes.SHA256()), server.key)
    files = TlsFiles(tmp_path / "bank.pem", tmp_path / "bank.key", tmp_path / "authority.pem")
    files.certificate.write_bytes(bank.certificate_pem())
    files.key.write_bytes(bank.key_pem())
    (tmp_path / "authority.pem").write_bytes(authority.certificate_pem())
    async with shown(files) as port:
        assert not await accepts(port, "bank.example", trusting(files.authority))


def test_the_authority_is_kept_and_the_certificate_renewed(tmp_path: Path) -> None:
    files = ready(settings(tmp_path))
    authority, certificate = (path.read_bytes() for path in (files.authority or tmp_path, files.certificate))
    assert (ready(settings(tmp_path)).certificate.read_bytes()) == certificate
    ready(settings(tmp_path), NOW + timedelta(days=380))
    assert files.certificate.read_bytes() != certificate
    assert (files.authority or tmp_path).read_bytes() == authority


def test_a_new_address_is_in_a_new_certificate(tmp_path: Path) -> None:
    before = ready(settings(tmp_path)).certificate.read_bytes()
    files = ready(settings(tmp_path, host="192.168.1.20"))
    assert files.certificate.read_bytes() != before
    names = x509.load_pem_x509_certificate(files.certificate.read_bytes()).extensions
    assert "192.168.1.20" in str(names.get_extension_for_class(x509.SubjectAlternativeName).value)


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    files = ready(settings(tmp_path / "var"))
    assert {path.stat().st_mode & 0o777 for path in files.key.parent.iterdir()} == {0o600}
    assert files.key.parent.stat().st_mode & 0o777 == 0o700


def test_a_public_name_needs_files_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NotALocalName):
        prepare_files(settings(tmp_path, public_url="https://health.example.cn"), NOW)


def test_files_of_ones_own_are_taken_and_checked(tmp_path: Path) -> None:
    made = ready(settings(tmp_path))
    own = prepare_files(
        Settings(var=tmp_path / "other", tls_certificate_file=made.certificate, tls_key_file=made.key), NOW
    )
    assert own == TlsFiles(made.certificate, made.key)
    assert not (tmp_path / "other").exists()
    with pytest.raises(TlsFilesIncomplete):
        prepare_files(Settings(tls_certificate_file=made.certificate), NOW)
    with pytest.raises(TlsFilesIncomplete):
        prepare_files(Settings(tls_certificate_file=made.certificate, tls_key_file=made.authority), NOW)


def test_without_tls_nothing_is_made(tmp_path: Path) -> None:
    plain = with_public_url(Settings(var=tmp_path))
    assert (prepare_files(plain, NOW), tls_files(plain), list(tmp_path.iterdir())) == (None, None, [])
    assert plain.public_url.startswith("http:")
    assert settings(tmp_path).public_url.startswith("https:")


def test_production_refuses_a_local_authority(tmp_path: Path) -> None:
    faults = production_faults(settings(tmp_path, production=True))
    assert any("HEALTHCLOUD_TLS_CERTIFICATE_FILE" in fault for fault in faults)
