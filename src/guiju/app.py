"""The composition root: the only place that knows every part."""

from __future__ import annotations

from guiju.cli.main import build

PARTS = ()


def main() -> None:
    build(PARTS)()
