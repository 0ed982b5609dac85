"""QR codes as SVG, to stand in a page."""

import re

import zxingcpp
from markupsafe import Markup

_PATH = re.compile(r'<path d="([MhvZz\d .-]+)"')


def qr_svg(text: str, *, level: str = "M") -> Markup:
    """Return the text as a QR code with its quiet zone; `level` of error correction is L, M, Q or H."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    svg = zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True)
    side = svg.partition('width="')[2].partition('"')[0]
    modules = "".join(_PATH.findall(svg))
    # Numbers and path letters only: nothing of the text itself.
    return Markup(
        '<svg viewBox="0 0 {0} {0}" shape-rendering="crispEdges" aria-hidden="true"><path d="{1}"/></svg>'
    ).format(side, modules)
