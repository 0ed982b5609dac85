"""
PDFs by WeasyPrint, each in a short-lived process of its own: its 80 MB of libraries never come into a worker.

Few at once, none for long; who comes when too many wait is told to try again.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from healthcloud.core.errors import Unavailable

AT_ONCE, MOST_WAITING, SECONDS = 1, 8, 20.0
STYLES = Path(__file__).parent / "print"
_SCRIPT = STYLES / "print_pdf.py"


class _Turns:
    """Whose turn it is in this worker; made with the loop it is used in."""

    def __init__(self) -> None:
        self.turn = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_TURNS: dict[asyncio.AbstractEventLoop, _Turns] = {}


async def print_pdf(html: str, style: str, paper: str) -> bytes:
    """Return the PDF of a document in one of the styles of print/; raise Unavailable when it can't be made now."""
    turns = _TURNS.setdefault(asyncio.get_running_loop(), _Turns())
    if turns.waiting >= MOST_WAITING:
        raise Unavailable(retry_after=5)
    turns.waiting += 1
    try:
        async with turns.turn:
            return await _printed(_order(html, style, paper))
    finally:
        turns.waiting -= 1


def _order(html: str, style: str, paper: str) -> bytes:
    css = (STYLES / f"{style}.css").read_text()
    return msgspec.json.encode({"html": html, "css": css.replace("var(--paper)", paper)})


async def _printed(order: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_SCRIPT)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(SECONDS):
            pdf, _ = await process.communicate(order)
    except TimeoutError:
        raise Unavailable(retry_after=5) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not pdf.startswith(b"%PDF"):
        raise Unavailable(retry_after=30)
    return pdf
