"""Drawing: an SVG as PNG, for what cannot show SVG."""

from __future__ import annotations

import os

from guiju.report.pdf import compiled, fonts

_SOURCE = b"""#set page(width: 170mm, height: auto, margin: 0pt)
#set text(font: sys.inputs.font)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""
_PPI = 200


def drawn(svg: bytes) -> bytes:
    """The drawing, 170 mm wide at 200 dots per inch.

    raises   Refused: report-no-font, report-not-laid-out
    """
    held, family = fonts(os.environ.get("GUIJU_FONTS", ""))
    made = compiled(_SOURCE, {"svg": svg.decode("utf-8"), "font": family}, held, family, "png", _PPI)
    assert isinstance(made, bytes), "it is one page"
    return made
