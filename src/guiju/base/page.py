"""Page: one HTML file that needs no other file and no script; and the style of pages that show a figure with its numbers beneath."""

from __future__ import annotations

import html

from guiju.base.diagnostics import Language

_FINDINGS = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dbe3;--accent:#0b6b5d;--faint:#5a6675;--fail:#b3261e;--open:#c9ced6}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--paper:#14181e;--line:#38414d;--accent:#5ec9b6;--faint:#a2adbb;--fail:#ff8f80;--open:#4a545f}}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;color:var(--ink);background:var(--paper);
font:16px/1.75 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.5rem;line-height:1.4;border-bottom:2px solid var(--accent);padding-bottom:.6rem;margin:0 0 1rem}
h2{font-size:1.15rem;margin:2.4rem 0 .4rem}p{margin:.5rem 0}.lead{font-size:1.08rem}.faint{color:var(--faint)}
figure{margin:1.2rem 0}figure svg{display:block;width:100%;height:auto}figcaption{color:var(--faint);font-size:.92rem}
.narrow{display:none}.scroll{overflow-x:auto}.scroll:focus-visible{outline:2px solid var(--accent)}
table{border-collapse:collapse;width:100%;margin:.4rem 0;font-size:.94rem}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top}
thead th{color:var(--faint);font-weight:600;vertical-align:bottom}
tbody th{font-weight:600;min-width:12rem;position:sticky;left:0;background:var(--paper)}tbody th .faint{font-weight:400}
.n{text-align:right;white-space:nowrap}
ul{padding-left:1.2rem;margin:.3rem 0}li{margin:.15rem 0;overflow-wrap:anywhere}.assumed{border-left:3px solid var(--accent);padding-left:.9rem}
"""
_SMALL = """
@media (max-width:40rem){.wide{display:none}.narrow{display:block}body{padding:1.2rem 1rem 3rem}tbody th{min-width:9.5rem}th,td{font-size:.9rem}}
@media print{body{max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def whole_page(title: str, language: Language, style: str, main: str, after: str = "") -> str:
    """The file. main, after: markup of the main part, and of what follows it."""
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{style}</style></head><body><main>\n{main}\n</main>{after}</body></html>\n"
    )


def findings_page(title: str, language: Language, style: str, blocks: str) -> str:
    """A page under its title, in the style of all pages of findings; `style` is what this one has of its own."""
    return whole_page(title, language, _FINDINGS + style + _SMALL, f"<h1>{html.escape(title)}</h1>\n{blocks}")
