"""What `guiju frontrunner scheme reference` does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text, parse_number
from guiju.cli.console import console, language, refusals, say, show, table
from guiju.frontrunner.application.references import derive, fragment, hold
from guiju.frontrunner.board.words import REFERENCES
from guiju.frontrunner.commands.library import pairs
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.scheme import located_scheme
from guiju.frontrunner.scheme_meaning import Opened, open_scheme
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    kind: str
    share: str
    steps: Sequence[str]
    indicators: Sequence[str]
    source: str
    on: str | None


def _opened(shelf: Shelf, word: str, on: str | None) -> Opened:
    """raises   Refused: every problem of the scheme"""
    problems = Problems()
    opened = open_scheme(shelf, located_scheme(shelf, word), as_of(on), problems)
    problems.refuse_errors()
    show(each for each in problems.found if each.code != "scheme-reference-omitted")
    assert opened is not None, "what cannot be used is told as an error"
    return opened


def derived(word: str, path: Path, asked: Asked, as_json: bool) -> None:
    """Prints the levels as YAML for the scheme."""
    shelf = Shelf()
    with refusals():
        opened = _opened(shelf, word, asked.on)
        problems, known = Problems(), opened.scheme.sources
        source = asked.source or next(iter(known), "")
        if source not in known:
            problems.add("unknown-source", None, id=source, **did_you_mean(source, known))
        if asked.kind not in REFERENCES:
            problems.add("unknown-word", None, word=asked.kind, known=", ".join(REFERENCES))
        share = _share(asked.share, problems)
        steps = {name: _number(text, problems) for name, text in pairs(asked.steps).items()}
        problems.refuse_errors()
        library = read_library(path, shelf.dictionary)
        found = derive(opened, library, share, steps, asked.indicators)
    if as_json:
        print(json.dumps({"library": library.hash, "kind": asked.kind, "levels": [
            {"indicator": each.indicator, "value": decimal_text(each.value), "unit": each.unit, "share": str(each.share), "count": each.count}
            for each in found]}, ensure_ascii=False, indent=1))  # fmt: skip
        return
    print(fragment(found, asked.kind, library, as_of(asked.on) or date.today(), source), end="")


def check(word: str, path: Path, on: str | None, as_json: bool) -> None:
    """Prints the levels of the scheme that the library still gives; refuses those it does not."""
    shelf = Shelf()
    with refusals():
        opened = _opened(shelf, word, on)
        held = hold(opened, read_library(path, shelf.dictionary))
    if as_json:
        print(json.dumps([{"kind": each.kind, "indicator": each.reference.indicator, "value": each.reference.text, "count": each.found.count}
                          for each in held], ensure_ascii=False, indent=1))  # fmt: skip
        return
    titles = opened.program.standard.indicators
    table(say("参考水平", "reference levels"), (say("指标", "indicator"), say("水平", "level"), say("值", "value"), say("型号", "models")),
          [(titles[each.reference.indicator].title.text(language()), say(*REFERENCES[each.kind]), f"{each.reference.text} {each.found.unit}".strip(),
            str(each.found.count)) for each in held], right=(2, 3))  # fmt: skip
    console().print(say("✓ 都与规则推得的相同。", "✓ All are what their rules give."))


def _share(text: str, problems: Problems) -> Fraction:
    return _number(text.removesuffix("%").strip(), problems) / (100 if text.endswith("%") else 1)


def _number(text: str, problems: Problems) -> Fraction:
    value = parse_number(text)
    if value is None or value <= 0:
        problems.add("not-a-number", None, text=text)
        return Fraction(1)
    return value
