"""
Static files: kept by browsers for a year under an address that changes with them, sent compressed where that helps.

`/static/<version>/kit/kit.js`, as `asset("kit/kit.js")` says it, never changes: the version is a digest of all files,
and the modules a file imports by `./` have it too. Without a version, or with the one of another process of this city,
the file is asked about each time and its ETag makes that a 304.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).parent / "static"
VERSION_LENGTH = 12
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
}
_PACKED_ALREADY = frozenset({".png"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    kind: str
    etag: str
    plain: bytes
    packed: bytes | None  # gzip, where that is smaller


@cache
def files() -> dict[str, Path]:
    """Return every file by its path under static/; no other can be asked for."""
    return {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*")) if path.is_file()}


@cache
def version() -> str:
    """Return the digest of all files that stands in their addresses."""
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:VERSION_LENGTH]


def asset(path: str) -> str:
    """Return the address of a file under static/; raise KeyError where there is none."""
    files()[path]
    return f"/static/{version()}/{path}"


@cache
def load(name: str) -> Asset:
    """Read a file, and pack it; raise KeyError where there is none."""
    path = files()[name]
    plain = path.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if path.suffix not in _PACKED_ALREADY else plain
    return Asset(
        _TYPES.get(path.suffix, "text/plain; charset=utf-8"),
        f'"{hashlib.sha256(plain).hexdigest()[:24]}"',
        plain,
        packed if len(packed) < len(plain) else None,
    )


class Assets:
    """The ASGI application mounted at /static."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD of a file."""
        if scope["type"] != "http":
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        path: str = scope["path"]
        name = path.removeprefix(scope.get("root_path", "")).lstrip("/")
        kept = ASK_EACH_TIME
        if name not in files():
            first, _, name = name.partition("/")
            if len(first) != VERSION_LENGTH or name not in files():
                raise HTTPException(404)
            kept = FOR_EVER if first == version() else ASK_EACH_TIME
        await _answer(load(name), kept, Headers(scope=scope))(scope, receive, send)


def _answer(asset: Asset, kept: str, asked: Headers) -> Response:
    packed = asset.packed if "gzip" in asked.get("accept-encoding", "") else None
    headers = {"Cache-Control": kept, "ETag": asset.etag, "Vary": "Accept-Encoding"}
    if asset.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.plain if packed is None else packed, headers=headers | {"Content-Type": asset.kind})
