"""Self-test: every published figure beside what Guiju computes, value by value, with the deviation in units of the last digit published.

The cases lie in `selftest/`: numbers as facts, each with its address and grade (B seen in a stored source, C recalled or of another program).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import parse_number
from guiju.metrology.distribution import gamma
from guiju.metrology.montecarlo import Interval
from guiju.standard.document import Fields, Item, Listing, item_at, load, plain
from guiju.standard.model import Title
from guiju.standard.shelf import data_folder
from guiju.verify import reference
from guiju.verify.reference import Figures
from guiju.verify.sheet import refuse
from guiju.verify.worksheet import worksheet

HALF = 0.5
"""A figure that rounds to what was published is off by no more than half a unit of its last digit."""
_ROUND_OFF = 1e-6


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure. deviation in units of the last digit published, NaN for words; within: what is allowed, more than half only with a reason."""

    key: str
    published: str
    computed: str
    deviation: float
    within: float
    agrees: bool
    grade: str
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    title: Title
    standard: str
    sources: tuple[str, ...]
    compared: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        return all(each.agrees for each in self.compared)


def names(folder: Path | None = None) -> list[str]:
    return sorted(path.stem for path in (folder or data_folder() / "selftest").glob("*.yaml"))


def run(asked: Sequence[str] = (), folder: Path | None = None) -> Iterator[Case]:
    """The cases asked for, or all.

    raises   Refused: a case not known, a file that cannot be read
    """
    known = names(folder)
    for name in asked:
        if name not in known:
            raise refuse("selftest-unknown", name=name)
    for name in asked or known:
        yield run_case((folder or data_folder() / "selftest") / f"{name}.yaml")


def run_case(path: Path) -> Case:
    """One case: its data computed, its published figures compared."""
    problems = Problems()
    root = load(path, problems).root
    problems.refuse_errors()
    assert root is not None
    raw: dict[str, Any] = plain(root)
    published = raw["published"]
    figures = KINDS[raw["kind"]](item_at(root, "data"), [each["key"] for each in published])
    compared = tuple(
        compare(each["key"], each["value"], figures, float(each.get("within", HALF)), each["grade"], each.get("why", "")) for each in published
    )
    return Case(path.stem, Title(raw["zh"], raw["en"]), raw["standard"], tuple(raw["sources"]), compared)


def compare(key: str, published: str, figures: Mapping[str, float | bool | str], within: float, grade: str, why: str = "") -> Compared:
    """A published figure beside the computed one; a figure that is not computed at all does not agree."""
    found = figures.get(key)
    number = parse_number(published)
    if found is None or isinstance(found, bool | str) or number is None:
        said = "–" if found is None else ("true" if found is True else "false" if found is False else str(found))
        return Compared(key, published, said, math.nan, 0.0, said == published, grade, why)
    unit = _last_digit(published)
    deviation = (float(found) - float(number)) / unit
    places = max(0, 1 - math.floor(math.log10(unit)))
    shown = f"{found:.{places}f}" if places < 13 else f"{found:.6g}"
    return Compared(key, published, shown, deviation, within, abs(deviation) <= within + _ROUND_OFF, grade, why)


def _last_digit(text: str) -> float:
    """The unit of the last digit of a decimal as it was printed: 0.690 has 0.001, 2.05e-13 has 1e-15."""
    mantissa, _, exponent = text.lower().partition("e")
    return float(10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])))


def _numbers(item: Any) -> Any:
    """Texts of lists and dicts as numbers."""
    if isinstance(item, dict):
        return {key: _numbers(value) for key, value in item.items()}
    if isinstance(item, list):
        return [_numbers(value) for value in item]
    number = parse_number(item)
    return item if number is None else float(number)


def _precision(data: Item | None, keys: Sequence[str]) -> Figures:
    """parts: several data sets, each with a prefix for its keys; changes: readings that a part has otherwise."""
    raw = plain(data) if data is not None else {}
    found: Figures = {}
    for part in raw["parts"]:
        results = {level: {lab: list(map(float, x)) for lab, x in of.items()} for level, of in raw["results"].items()}
        for change in part.get("changes", ()):
            cell = results[change["level"]][change["lab"]]
            cell[cell.index(float(change["from"]))] = float(change["to"])
        prefix = part.get("prefix", "")
        found |= {prefix + key: value for key, value in reference.precision_figures(results, part["edition"]).items()}
    return found


def _worksheets(data: Item | None, keys: Sequence[str]) -> Figures:
    found: Figures = {}
    sheets = item_at(data, "sheets")
    for each in sheets.items if isinstance(sheets, Listing) else ():
        about = plain(each)
        sheet = item_at(each, "worksheet")
        assert isinstance(sheet, Fields)
        way: Interval = "shortest" if about.get("interval") == "shortest" else "symmetric"
        found |= reference.worksheet_figures(worksheet(sheet, Problems()), about.get("prefix", ""), int(about.get("trials", 0)), way)
    return found


def _plainly(function: Callable[..., Figures]) -> Callable[[Item | None, Sequence[str]], Figures]:
    """A kind whose data are the arguments of its function."""
    return lambda data, keys: function(**(_numbers(plain(data)) if data is not None else {}))


def _risk(data: Item | None, keys: Sequence[str]) -> Figures:
    raw = _numbers(plain(data)) if data is not None else {}
    return reference.risk_figures(gamma(*raw["gamma"]), raw["u"], raw["limit"], raw["target"])


def _rounding(data: Item | None, keys: Sequence[str]) -> Figures:
    return reference.rounding_figures([key.split(" / ") for key in keys])


KINDS: Mapping[str, Callable[[Item | None, Sequence[str]], Figures]] = {
    "precision": _precision,
    "critical": lambda data, keys: reference.critical_figures(keys),
    "estimates": _plainly(reference.estimate_figures),
    "homogeneity": _plainly(reference.homogeneity_figures),
    "assigned": _plainly(reference.assigned_figures),
    "consensus": _plainly(reference.consensus_figures),
    "summary": _plainly(reference.summary_figures),
    "table": _plainly(reference.table_figures),
    "worksheets": _worksheets,
    "risk": _risk,
    "conformance": _plainly(reference.conformance_figures),
    "rounding": _rounding,
}
