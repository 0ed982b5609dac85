"""A process that makes one PDF: HTML and CSS as JSON on standard input, the PDF on standard output, no other file."""

import json
import os
import resource
import sys
from typing import NoReturn

from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # it has no stubs

MEMORY, SECONDS, CALM = 1 << 30, 20, 10


def refuse(url: str, *_: object, **__: object) -> NoReturn:
    """Fetch nothing: a document holds all there is to print."""
    message = f"nothing is fetched, nor {url[:40]}"
    raise ValueError(message)


def pdf_of(html: str, css: str) -> bytes:
    """Return the PDF of a document in a style."""
    style = CSS(string=css, url_fetcher=refuse)
    pdf: bytes = HTML(string=html, url_fetcher=refuse).write_pdf(stylesheets=[style])
    return pdf


def main() -> None:
    """Print what is asked."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.nice(CALM)
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(pdf_of(asked["html"], asked["css"]))


if __name__ == "__main__":
    main()
