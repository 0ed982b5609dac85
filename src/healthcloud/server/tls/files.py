"""The certificate files a city serves HTTPS with: those the settings name, else a local authority's under var/tls."""

import os
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature

from healthcloud.core.errors import Problem, WhoActs
from healthcloud.core.settings import Settings
from healthcloud.server.tls.authority import Pair, make_authority, make_server, names_of, speaks_for

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class TlsFilesIncomplete(Problem):
    """A certificate file and its key belong together: both settings must be set, and both files be readable PEM."""

    code = "tls-files-incomplete"
    zh = "证书文件与私钥文件必须成对设置，且都是可读的 PEM 文件。"
    who_acts: ClassVar[WhoActs] = "administrator"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate chain and its key, PEM; and the local authority that vouches for it, if it does."""

    certificate: Path
    key: Path
    authority: Path | None = None


def serves_tls(settings: Settings) -> bool:
    """Tell whether the city itself speaks HTTPS."""
    return settings.tls or settings.tls_certificate_file is not None


def tls_files(settings: Settings) -> TlsFiles | None:
    """Return where the files are, None where HTTPS is somebody else's work. Raise TlsFilesIncomplete."""
    certificate, key = settings.tls_certificate_file, settings.tls_key_file
    if (certificate is None) is not (key is None):
        raise TlsFilesIncomplete
    if certificate is not None and key is not None:
        return TlsFiles(certificate, key)
    if not settings.tls:
        return None
    folder = settings.var / "tls"
    return TlsFiles(folder / "server.pem", folder / "server.key", folder / "authority.pem")


def prepare_files(settings: Settings, now: datetime) -> TlsFiles | None:
    """
    Have the files ready: check one's own, or make what the local authority lacks.

    The authority is kept, so that it is trusted once; the server's certificate is made anew before it ends and when the
    machine's name or the public address changes. Raise TlsFilesIncomplete, NotALocalName.
    """
    files = tls_files(settings)
    if files is None:
        return None
    if files.authority is None:
        _check(files)
        return files
    files.authority.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = _names(settings)
    authority = _authority(files.authority, now)
    server = _read(files.certificate, files.key)
    if server is None or not _fits(server, authority, names, now):
        server = make_server(authority, names, now)
        _write(files.key, server.key_pem())
        _write(files.certificate, server.certificate_pem())
    return files


def trusting(authority: Path | None) -> ssl.SSLContext:
    """Return what a client of ours trusts: the system's authorities, and this local one if there is one."""
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(authority)
    return context


def knowing(files: TlsFiles) -> ssl.SSLContext:
    """Return what knows this city by its own certificate, under whatever name it is asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(files.certificate)
    return context


def _authority(path: Path, now: datetime) -> Pair:
    """Return the authority; a new one where there is none, it ends, or the machine is called otherwise."""
    key, machine = path.with_suffix(".key"), _machine()
    kept = _read(path, key)
    if kept is not None and kept.lasts(now) and speaks_for(kept, machine):
        return kept
    made = make_authority(machine, now)
    _write(key, made.key_pem())
    _write(path, made.certificate_pem())
    return made


def _fits(server: Pair, authority: Pair, names: list[str], now: datetime) -> bool:
    issued = server.certificate
    with suppress(ValueError, TypeError, InvalidSignature):
        issued.verify_directly_issued_by(authority.certificate)
        return server.lasts(now) and names_of(server) == names
    return False


def _names(settings: Settings) -> list[str]:
    """Return what this city is reached as, in a browser on this machine or beside it."""
    public = urlsplit(settings.public_url).hostname or "localhost"
    told = [name for name in (public, settings.host) if not _is_wildcard(name)]
    return list(dict.fromkeys(["localhost", "127.0.0.1", "::1", _machine(), *told]))


def _machine() -> str:
    name = socket.gethostname().lower()
    return name if _HOST_NAME.fullmatch(name) else "localhost"


def _is_wildcard(name: str) -> bool:
    with suppress(ValueError):
        return ip_address(name).is_unspecified
    return False


def _check(files: TlsFiles) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as error:
        raise TlsFilesIncomplete(type(error).__name__) from error


def _read(certificate: Path, key: Path) -> Pair | None:
    try:
        return Pair.read(certificate.read_bytes(), key.read_bytes())
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, text: bytes) -> None:
    """Write whole or not at all; for its owner's eyes only."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    beside.replace(path)
