"""SVG: the few marks the figures of this part are made of, in one style that follows the reader's light or dark setting."""

from __future__ import annotations

import html

from guiju.base.diagnostics import width as columns_of

STYLE = """
.pipe text{font:13px/1.4 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;fill:#1c2430;
font-variant-numeric:tabular-nums}
.pipe .paper{fill:#fff}.pipe .faint{fill:#5a6675}.pipe .strong{font-weight:600}.pipe .small{font-size:12px}.pipe .title{font-size:15px}
.pipe .grid{stroke:#e3e7ec;stroke-width:1}.pipe .limit{stroke:#1c2430;stroke-width:2}.pipe .axis{stroke:#8a94a0;stroke-width:1}
.pipe .pass{fill:#0b6b5d;fill-opacity:.8}.pipe .fail{fill:#fff;stroke:#b3261e;stroke-width:1.6}
.pipe .box{stroke:#1c2430;stroke-width:1.4}.pipe .median{stroke:#1c2430;stroke-width:3}
.pipe .halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.pipe .band{fill:#0b6b5d;fill-opacity:.08}.pipe .mark{fill:#fff;stroke:#1c2430;stroke-width:1.6}.pipe .mark.lags{fill:#b3261e;stroke:#b3261e}
.pipe .mark.step{fill:#0b6b5d;stroke:#0b6b5d}.pipe .on{fill:#fff}.pipe .lead{fill:none;stroke:#a9b2bc;stroke-width:.8}
@media (prefers-color-scheme:dark){
.pipe text{fill:#e6eaf0}.pipe .paper{fill:#14181e}.pipe .faint{fill:#a2adbb}.pipe .grid{stroke:#2a313a}.pipe .limit{stroke:#f2f5f8}
.pipe .axis{stroke:#76818e}.pipe .pass{fill:#5ec9b6}.pipe .fail{fill:#14181e;stroke:#ff8f80}.pipe .box,.pipe .median{stroke:#f2f5f8}
.pipe .halo{stroke:#14181e}.pipe .band{fill:#5ec9b6;fill-opacity:.12}.pipe .mark{fill:#14181e;stroke:#f2f5f8}
.pipe .mark.lags{fill:#ff8f80;stroke:#ff8f80}.pipe .mark.step{fill:#5ec9b6;stroke:#5ec9b6}.pipe .on{fill:#14181e}.pipe .lead{stroke:#56606c}}
"""


def drawing(id_: str, width: float, height: float, title: str, description: str, body: str) -> str:
    """A whole figure, with its title and its description for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pipe" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-labelledby="{id_}-title {id_}-desc"><title id="{id_}-title">{html.escape(title)}</title>'
        f'<desc id="{id_}-desc">{html.escape(description)}</desc><style>{STYLE}</style><rect class="paper" width="100%" height="100%"/>{body}</svg>'
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>'


def line(kind: str, x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="{kind}" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>'


def bar(kind: str, x: float, y: float, wide: float, high: float, told: str = "") -> str:
    title = f"<title>{html.escape(told)}</title>" if told else ""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}">{title}</rect>'


def text_width(words: str, per_column: float = 7.2) -> float:
    """About how wide a text of 12 pixels is; a Chinese character is as wide as it is high."""
    return per_column * columns_of(words)


def shortened(words: str, wide: float, per_column: float = 7.2) -> str:
    """The text, or as much of it as has room, with … for the rest."""
    if text_width(words, per_column) <= wide:
        return words
    kept = words
    while kept and text_width(kept + "…", per_column) > wide:
        kept = kept[:-1]
    return kept.rstrip("，、 ") + "…"
