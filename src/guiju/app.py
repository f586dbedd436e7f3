"""The composition root: the only place that knows every part."""

from __future__ import annotations

from guiju.align import commands as align
from guiju.cli.main import build
from guiju.store import commands as store
from guiju.verify import commands as verify

PARTS = (align.add, verify.add, store.add)
"""Each part adds its commands to the root."""


def main() -> None:
    build(PARTS)()
