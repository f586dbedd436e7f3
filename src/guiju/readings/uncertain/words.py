"""Words: decision rules and what they decide, as people read them."""

from __future__ import annotations

from guiju.standard.model import Title

RULES = {
    "simple": Title("简单接受", "simple acceptance"),
    "guard": Title("保护带（两种结论）", "guard band, binary"),
    "ilac-g8": Title("ILAC-G8 保护带（四种结论）", "ILAC-G8 guard band, non-binary"),
    "iso14253-1": Title("ISO 14253-1", "ISO 14253-1"),
}
DECIDED = {
    "pass": Title("✓ 合格", "✓ pass"),
    "conditional pass": Title("? 有条件合格", "? conditional pass"),
    "conditional fail": Title("? 有条件不合格", "? conditional fail"),
    "fail": Title("✗ 不合格", "✗ fail"),
    "undecided": Title("? 不能判定", "? undecided"),
}
