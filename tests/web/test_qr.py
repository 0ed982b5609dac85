"""What is drawn is read again, byte for byte."""

import re

import pytest
import zxingcpp

from healthcloud.web.qr import qr_svg

SCALE = 4


def read(svg: str) -> str:
    """Paint the drawing's rectangles and read the picture."""
    side = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    width = side * SCALE
    picture = bytearray(b"\xff" * width * width)
    for x, y, across, down in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", svg):
        for row in range(int(y) * SCALE, (int(y) + int(down)) * SCALE):
            start = row * width + int(x) * SCALE
            picture[start : start + int(across) * SCALE] = bytes(int(across) * SCALE)
    found = zxingcpp.read_barcode(memoryview(picture).cast("B", (width, width)))
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    "text",
    [
        f"{'0123456789ABCDEF' * 4}:0:{'FEDCBA9876543210' * 2}::",
        "otpauth://totp/%E5%81%A5%E5%BA%B7%E4%BA%91:clerk?secret=ABCDEFGHIJKLMNOP&issuer=x",
        "https://health.example/v/ABCDEFGH",
        '"><script>alert(1)</script>',
    ],
)
@pytest.mark.parametrize("level", ["M", "Q"])
def test_a_code_is_read_as_it_was_written(text: str, level: str) -> None:
    drawn = qr_svg(text, level=level)
    assert read(drawn) == text
    assert re.fullmatch(
        r'<svg viewBox="[\d ]+" shape-rendering="crispEdges" aria-hidden="true"><path d="[^"<>]+"/></svg>', drawn
    )
