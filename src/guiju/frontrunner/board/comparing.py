"""Comparing: declared standards as a whole, in each comparable range: completeness, advancement, quality of drafting, and who is shortlisted.

The table is named OVERALL: `r0…, enterprise, standard, edition, models, w0…, declared, asked, extra, stars, drafting, status, reached`.
wK      the lowest level of indicator K that all models on boards reach: 0 applies to none of them, 4 one is below the lowest, NULL one has no value
status  why it is not shortlisted, 0: it is
All scores are fractions: what goes into one are whole numbers, of which few combinations occur, and each is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from guiju.frontrunner.board.model import Overall, Range
from guiju.frontrunner.board.placing import BELOW, PLACED, Placing
from guiju.frontrunner.scheme import Scheme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OVERALL = "board_overall"
STARS = {1: 5, 2: 4, 3: 3}
"""先进水平 five stars, 平均水平 four, 基准水平 three; what reaches none has no star."""
MOST_STARS = 5
WHY = ("least", "level", "share", "tie")
"""Why a declared standard is not shortlisted: its score is too low; a core indicator is; others are better; it is equal to one that does not fit."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a score is made of. drafting: the quality the form check found."""

    declared: int
    asked: int
    stars: int
    drafting: Fraction

    @property
    def completeness(self) -> Fraction:
        """The share of the indicators that apply for which a value is declared."""
        return Fraction(self.declared, self.asked) if self.asked else Fraction(0)

    @property
    def advancement(self) -> Fraction:
        """Stars over the most there can be; an indicator that is not declared has none."""
        return Fraction(self.stars, MOST_STARS * self.asked) if self.asked else Fraction(0)

    def score(self, scheme: Scheme) -> Fraction:
        """Of 100."""
        w = scheme.weights
        return w.completeness * self.completeness + w.advancement * self.advancement + w.drafting * self.drafting


def compare(connection: DuckDBPyConnection, placing: Placing) -> tuple[int, int]:
    """Fills OVERALL; gives how many are compared and how many shortlisted."""
    scheme, words = placing.scheme, [f"r{number}" for number in range(placing.words)]
    connection.execute(f"CREATE OR REPLACE TABLE {OVERALL} AS {_query(placing, words)}")
    qualities = drafting_qualities(placing)
    grouped = ", ".join((*words, "declared", "asked", "stars", "drafting", "worst"))
    rows = connection.execute(f"SELECT {grouped}, count(*) FROM {OVERALL} GROUP BY {grouped}").fetchall()
    groups = [(tuple(row[: len(words)]), Sums(row[-6], row[-5], row[-4], qualities[row[-3]]), int(row[-2]), int(row[-1])) for row in rows]
    status: dict[tuple[Range, Sums, int], int] = {}
    for range_ in {group[0] for group in groups}:
        status |= _status(scheme, range_, [(sums, worst, count) for of, sums, worst, count in groups if of == range_])
    connection.execute("CREATE OR REPLACE TEMP TABLE board_status (r VARCHAR[], declared INTEGER, asked INTEGER, stars INTEGER, drafting INTEGER, "
                       "worst INTEGER, status INTEGER)")  # fmt: skip
    if groups:
        columns = zip(*([list(of), s.declared, s.asked, s.stars, qualities.index(s.drafting), worst, status[of, s, worst]]
                        for of, s, worst, _ in groups), strict=True)  # fmt: skip
        connection.execute(f"INSERT INTO board_status SELECT {', '.join(['unnest(?)'] * 7)}", [list(column) for column in columns])
    keys = "declared", "asked", "stars", "drafting", "worst"
    joined = " AND ".join((f"s.r = CAST([{', '.join(words)}] AS VARCHAR[])", *(f"s.{key} = {OVERALL}.{key}" for key in keys)))
    connection.execute(f"ALTER TABLE {OVERALL} ADD COLUMN status INTEGER")
    connection.execute(f"UPDATE {OVERALL} SET status = s.status FROM board_status s WHERE {joined}")
    ((compared, shortlisted),) = connection.execute(f"SELECT count(*), count(*) FILTER (status = 0) FROM {OVERALL}").fetchall()
    return int(compared), int(shortlisted)


def drafting_qualities(placing: Placing) -> list[Fraction]:
    """The qualities of drafting that occur, in the order they are numbered by."""
    return sorted({formed.quality for formed in placing.forms.values()})


def _query(placing: Placing, words: Sequence[str]) -> str:
    """One row per range and declared standard; over all of its models that are on boards."""
    scheme = placing.scheme
    numbers = range(len(scheme.indicators))
    lowest = [f"CASE WHEN count(l{at}) < count(*) THEN NULL ELSE max(l{at}) END AS w{at}" for at in numbers]
    extra = " + ".join(f"bit_count(bit_and(extra{at}))" for at in range(max(1, -(-len(placing.extra) // 63))))
    grouped = ", ".join((*words, "enterprise", "standard", "edition"))
    inner = (f"SELECT {grouped}, count(*) AS models, any_value(drafting) AS drafting, CAST({extra} AS INTEGER) AS extra, {', '.join(lowest)} "
             f"FROM {PLACED} WHERE reason = 0 GROUP BY {grouped}")  # fmt: skip
    stars = " + ".join(f"CASE w{at} {' '.join(f'WHEN {level} THEN {number}' for level, number in STARS.items())} ELSE 0 END" for at in numbers)
    declared = " + ".join(f"CASE WHEN w{at} > 0 THEN 1 ELSE 0 END" for at in numbers)
    asked = " + ".join(f"CASE WHEN w{at} = 0 THEN 0 ELSE 1 END" for at in numbers)
    core = [f"coalesce(w{at}, {BELOW})" for at in numbers if scheme.indicators[at].kind == "core"] or ["0"]
    return (f"SELECT *, CAST({declared} AS INTEGER) AS declared, CAST({asked} AS INTEGER) AS asked, CAST({stars} AS INTEGER) AS stars, "
            f"CAST(greatest({', '.join(core)}) AS INTEGER) AS worst FROM ({inner})")  # fmt: skip


def _status(scheme: Scheme, range_: Range, groups: Sequence[tuple[Sums, int, int]]) -> dict[tuple[Range, Sums, int], int]:
    """(range, what the score is made of, worst core level) → 0 where shortlisted, else the number of the reason.

    groups   with how many declared standards each has
    """
    rule, found = scheme.shortlist, {}
    places = int(rule.share * sum(count for _, _, count in groups))
    waiting: dict[Fraction, list[tuple[Sums, int, int]]] = {}
    for sums, worst, count in groups:
        score = sums.score(scheme)
        if score < rule.least:
            found[range_, sums, worst] = 1 + WHY.index("least")
        elif rule.level is not None and worst > rule.level:
            found[range_, sums, worst] = 1 + WHY.index("level")
        else:
            waiting.setdefault(score, []).append((sums, worst, count))
    before = 0
    for score in sorted(waiting, reverse=True):
        equal = sum(count for _, _, count in waiting[score])
        fits = before < places and (rule.ties == "all" or before + equal <= places)
        why = 0 if fits else 1 + WHY.index("tie" if before < places else "share")
        found |= {(range_, sums, worst): why for sums, worst, _ in waiting[score]}
        before += equal
    return found


def overall_of(scheme: Scheme, qualities: Sequence[Fraction], range_: Range, row: Mapping[str, object], levels: Sequence[int | None]) -> Overall:
    """A row of OVERALL as it is told."""
    sums = Sums(_whole(row, "declared"), _whole(row, "asked"), _whole(row, "stars"), qualities[_whole(row, "drafting")])
    shown = {each.name: level for each, level in zip(scheme.indicators, levels, strict=True)}
    status = _whole(row, "status")
    return Overall(
        range_, str(row["enterprise"]), str(row["standard"]), str(row["edition"]), _whole(row, "models"), shown, sums.declared, sums.asked,
        _whole(row, "extra"), sums.completeness, sums.advancement, sums.drafting, sums.score(scheme), status == 0,
        () if status == 0 else (WHY[status - 1],),
    )  # fmt: skip


def _whole(row: Mapping[str, object], name: str) -> int:
    value = row[name]
    assert isinstance(value, int), "counted in whole numbers"
    return value
