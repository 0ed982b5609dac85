"""Printed cards: one page whatever the name, made outside the worker, few at once, and never for long."""

import asyncio
import base64
import json
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


# The printer's own function for many documents: loading what prints takes longer than printing.
PRINT_ALL = """
import base64, json, runpy, sys
pdf_of = runpy.run_path(sys.argv[1])["pdf_of"]
print(json.dumps([base64.b64encode(pdf_of(**one)).decode() for one in json.load(sys.stdin)]))
"""
MILLIMETRES = {"label": (50, 30), "a5": (148, 210), "a4": (210, 297)}


def test_any_name_fits_on_one_page() -> None:
    asked = [(name, paper) for paper in PAPERS for name in NAMES]
    orders = [json.loads(label_printer._order(document(name, paper), PAPERS[paper], paper)) for name, paper in asked]
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-c", PRINT_ALL, str(label_printer._SCRIPT)],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        check=True,
    )
    for (name, paper), made in zip(asked, json.loads(told.stdout), strict=True):
        boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", unpacked(base64.b64decode(made)))
        assert len(boxes) == 1, (name, paper)
        wide, high = (round(float(one) * 25.4 / 72) for one in boxes[0])
        assert (wide, high) == MILLIMETRES[paper]


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
