"""Evidence: one thing found out about a subject of a standard: a number, a count, or the answer to a question; or why there is none.

Subjects are the numbers of clauses, the names of indicators, scores and gradings, and `standard` for the whole. What is not known says why: nothing
is ever put in its place. All of it is plain values, so that a dossier can be written as JSON, sent between processes and compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guiju.standard.model import Title
from guiju.verify.dossier.bound import Bound

WHOLE = "standard"
Aspect = Literal["scientific", "reasonable", "applicable", "operable", "coherent"]
ASPECTS: dict[Aspect, Title] = {
    "scientific": Title("科学性", "scientific"),
    "reasonable": Title("合理性", "reasonable"),
    "applicable": Title("适用性", "applicable"),
    "operable": Title("可操作性", "operable"),
    "coherent": Title("协调性", "coherent"),
}
Outcome = Literal["pass", "change", "fail", "not verified"]
OUTCOMES: dict[Outcome, Title] = {
    "pass": Title("通过", "pass"),
    "change": Title("修改后通过", "pass after change"),
    "fail": Title("不通过", "fail"),
    "not verified": Title("未验证", "not verified"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """value    a number, or a word such as proved; None where it could not be found out, and `lacking` says why
    what     its kind, which rules name; `subject` what it is about
    said     what goes with it: at which value, by which study, over which products
    """

    id: str
    what: str
    subject: str
    title: Title
    value: float | str | None
    unit: str = ""
    said: Title | None = None
    lacking: Title | None = None

    def __post_init__(self) -> None:
        assert (self.value is None) == (self.lacking is not None), "what is not known says why"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one piece of evidence; `outcome` None where the evidence is not there and the rule can do without."""

    rule: str
    evidence: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Of one subject in one aspect."""

    subject: str
    aspect: Aspect
    outcome: Outcome
    findings: tuple[Finding, ...]
    why: Title


@dataclass(frozen=True, slots=True)
class Subject:
    """kind   clause, indicator, score, grading or standard; `shall` whether a clause must be met"""

    name: str
    kind: str
    title: Title
    shall: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """Points of a curve or heights of bars: one of what a figure shows.

    kind    line, points, bars, steps; points carry labels
    """

    name: Title
    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure as numbers; how it is drawn is for `drawn.py`.

    marks   vertical lines with names, such as a limit
    across  horizontal ones, such as critical values
    """

    id: str
    subject: str
    title: Title
    x: Title
    y: Title
    series: tuple[Series, ...]
    marks: tuple[tuple[Title, float], ...] = ()
    across: tuple[tuple[Title, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as plain text in both languages: heads, and rows of cells."""

    id: str
    subject: str
    title: Title
    heads: tuple[Title, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Dossier:
    """Everything found out about one standard, and what follows from it by the criteria.

    about      what it rests on: number, title, date, content hash, engine
    files      (name, sha256) of everything that was read
    assumed    what the results rest on that no study and no record says
    illustrative  whether any study, record or threshold is made up
    """

    about: Mapping[str, str]
    title: Title
    subjects: tuple[Subject, ...]
    evidence: tuple[Evidence, ...]
    conclusions: tuple[Conclusion, ...]
    plots: tuple[Plot, ...]
    grids: tuple[Grid, ...]
    wording: tuple[tuple[str, Title], ...]
    criteria: Mapping[str, Mapping[str, str]]
    files: tuple[tuple[str, str], ...]
    assumed: tuple[Title, ...]
    limits: tuple[Title, ...]
    left_out: tuple[Title, ...]
    illustrative: bool
    sources: tuple[Mapping[str, str], ...] = ()
    studies: tuple[Bound, ...] = ()

    def of(self, subject: str) -> tuple[Evidence, ...]:
        return tuple(e for e in self.evidence if e.subject == subject)

    def named(self, id_: str) -> Evidence:
        return next(e for e in self.evidence if e.id == id_)

    def outcome(self, subject: str, aspect: Aspect) -> Outcome:
        return next(c.outcome for c in self.conclusions if c.subject == subject and c.aspect == aspect)


def known(id_: str, what: str, subject: str, title: Title, value: float | str, unit: str = "", said: Title | None = None) -> Evidence:
    return Evidence(id_, what, subject, title, value, unit, said)


def unknown(id_: str, what: str, subject: str, title: Title, why: Title) -> Evidence:
    return Evidence(id_, what, subject, title, None, lacking=why)
