"""Printed cards: one page whatever the name, made outside the worker, few at once, and never for long."""

import asyncio
import re
import subprocess
import sys
import zlib

import pytest

from healthcloud.core.errors import Unavailable
from healthcloud.web import label_printer
from healthcloud.web.label_printer import print_pdf
from healthcloud.web.qr import qr_svg
from healthcloud.web.rendering import PAGES
from healthcloud.web.wording import words_in

CODE = "0123456789ABCDEF" * 4 + ":1:::"
PAPERS = {"label": "label", "a5": "sheet", "a4": "sheet"}
NAMES = ("张*兰", "𠮷*𬮿", "阿卜杜热合曼·*·买买提依明江", "MARIA ALEXANDRA " * 5 + "*")


def document(name: str, paper: str, language: str = "zh-CN") -> str:
    return PAGES.get_template(f"print/{PAPERS[paper]}.html").render(
        words=words_in(language),
        name=name,
        fit="longer" if len(name) > 18 else "long" if len(name) > 9 else "",
        paper=paper,
        code=qr_svg(CODE),
        end=CODE[56:64],
        deadline=None,
        day="2026-11-23",
    )


def unpacked(pdf: bytes) -> bytes:
    """Return a PDF with its compressed objects unpacked."""
    found = pdf
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found += zlib.decompress(stream)
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("paper", PAPERS)
async def test_any_name_fits_on_one_page(name: str, paper: str) -> None:
    pdf = await print_pdf(document(name, paper), PAPERS[paper], paper)
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", unpacked(pdf))
    assert len(boxes) == 1
    wide, high = (float(one) for one in boxes[0])
    if paper == "label":
        assert (round(wide * 25.4 / 72), round(high * 25.4 / 72)) == (50, 30)


@pytest.mark.parametrize(
    "part", ['<img src="http://127.0.0.1:1/x">', '<link rel="stylesheet" href="file:///etc/hosts">']
)
async def test_a_document_that_would_fetch_is_not_printed(part: str) -> None:
    with pytest.raises(Unavailable):
        await print_pdf(f"<html><body>{part}</body></html>", "label", "label")


async def test_who_comes_when_too_many_wait_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    release = asyncio.Event()

    async def slowly(_: bytes) -> bytes:
        await release.wait()
        return b"%PDF"

    monkeypatch.setattr(label_printer, "_printed", slowly)
    waiting = [asyncio.create_task(print_pdf("", "label", "label")) for _ in range(label_printer.MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await print_pdf("", "label", "label")
    release.set()
    assert await asyncio.gather(*waiting) == [b"%PDF"] * label_printer.MOST_WAITING


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_printer, "SECONDS", 0.05)
    with pytest.raises(Unavailable):
        await print_pdf(document("张*兰", "a4"), "sheet", "a4")


def test_a_worker_never_loads_what_prints() -> None:
    asked = "import sys, healthcloud.server.processes.worker; print('weasyprint' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert told.stdout.strip() == "False"
