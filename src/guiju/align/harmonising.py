"""Harmonising: what is asked for when one standard is wanted in place of several, and all that is answered: by commands, pages and programs alike."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from guiju.align.document import Head
from guiju.align.harmonise import STRATEGIES, Proposal, Strategy, choose, propose
from guiju.align.impact import Change, Products, Target, changes_to, judged
from guiju.align.pool import Pool, pool_of
from guiju.align.roadmap import Order, Roadmap, roadmap
from guiju.align.side import sides_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.answering import treated
from guiju.cli.console import language, say
from guiju.ir.program import Program
from guiju.records.bulk import mapping_of, programs
from guiju.records.mapping import About
from guiju.records.read import read_table
from guiju.records.source import Progress
from guiju.standard.form import LEVELS
from guiju.standard.model import Title
from guiju.standard.regions import load_regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

EXTRA = ("keep", "add", "drop")


@dataclass(frozen=True)
class Question:
    """What is asked: of plain values, so that it can be kept, compared and sent to another process.

    words      standards, or regions by code or name
    strategy   one of STRATEGIES; `extra`: one of EXTRA; level: one of LEVELS
    number, level, region   of the proposal; None: by the strategy, and as the baseline has them
    treat_as   `asked=used`
    records    real products, with their mapping; needed for `cheapest`
    """

    words: tuple[str, ...]
    strategy: str = "strictest"
    baseline: str | None = None
    extra: str = "keep"
    number: str | None = None
    level: str | None = None
    region: str | None = None
    subject: str | None = None
    on: date | None = None
    treat_as: tuple[str, ...] = ()
    any_method: bool = False
    records: Path | None = None
    mapping: Path | None = None

    def refuse_unknown(self) -> None:
        """raises   Refused: unknown-word"""
        known("--strategy", self.strategy, [*STRATEGIES])
        known("--extra", self.extra, EXTRA)
        known("--level", self.level or LEVELS[0], LEVELS)

    @property
    def rule(self) -> Strategy:
        return next(s for s in STRATEGIES if s == self.strategy)


@dataclass(frozen=True)
class Asked:
    """The standards side by side, the products, and which standard is the baseline."""

    shelf: Shelf
    pool: Pool
    products: Products | None
    baseline: int
    about: About | None
    diagnostics: tuple[Diagnostic, ...] = ()

    def label(self, at: int) -> str:
        return self.pool.made.voices[at].label.text(language())


@dataclass(frozen=True)
class Harmonised:
    """A proposal, and what every standard must change to ask it."""

    asked: Asked
    proposal: Proposal
    changes: tuple[Change, ...]


def known(option: str, word: str, words: Sequence[str]) -> None:
    """raises   Refused: unknown-word"""
    if word not in words:
        near = did_you_mean(word, words, listed=True)
        raise Refused([Diagnostic("unknown-word", None, {"word": f"{option} {word}", "known": ", ".join(words), **near})])


def harmonise(shelf: Shelf, question: Question, tell: Progress | None = None) -> Harmonised:
    """The proposal that is asked for.

    raises   Refused: unknown-word, harmonise-without-records, harmonise-baseline, nothing-carried, what the standards and the records have
    """
    question.refuse_unknown()
    asked = opened(shelf, question, tell=tell)
    based = asked.pool.standards[asked.baseline].standard
    number = question.number or say(f"协调提案-{question.strategy}", f"HARMONISED-{question.strategy}")
    head = head_of(asked, question.rule, number, question.level or based.level, question.region or based.region)
    failing = asked.products.failing if asked.products else None
    choices = choose(asked.pool, question.rule, asked.baseline, question.extra, failing)
    proposal = propose(asked.pool, question.rule, asked.baseline, choices, head, shelf)
    changes = changes_to(asked.pool, targets(proposal), range(len(asked.pool.standards)), asked.products)
    return Harmonised(asked, proposal, changes)


def way_to(shelf: Shelf, question: Question, proposal: Proposal, order: Order = "products") -> tuple[Asked, Roadmap]:
    """The steps to a proposal that stands on no shelf yet.

    raises   Refused, as `harmonise`
    """
    with tempfile.TemporaryDirectory(prefix="guiju-proposal-") as name:
        folder = Path(name) / "proposal"
        folder.mkdir()
        (folder / "standard.yaml").write_text(proposal.text, encoding="utf-8")
        if proposal.examples is not None:
            (folder / "examples.yaml").write_text(proposal.examples, encoding="utf-8")
        asked = opened(shelf, question, to=folder)
    return asked, roadmap(asked.pool, len(asked.pool.standards) - 1, asked.baseline, order, asked.products)


def opened(shelf: Shelf, question: Question, *, to: str | Path | None = None, tell: Progress | None = None) -> Asked:
    """Every clause of the standards in one document, and the products judged by all of them.

    to   a proposal: a word that names a standard, or the folder of one; it comes last
    """
    used = treated(shelf, question.treat_as)
    found = _standards(shelf, question, to)
    labels = [Title(p.standard.number, p.standard.number) for p in found]
    head = Head("pool", Title("全部条款", "all clauses"), "group", "CN", found[0].on, Title("供比较", "to be compared"))
    pool = pool_of(list(zip(found, labels, strict=True)), head, shelf, treat_as=used, any_method=question.any_method)
    asked = Asked(shelf, pool, None, _baseline(shelf, found, question.baseline), None)
    if question.records is None:
        return asked
    import duckdb

    connection = duckdb.connect()
    source = read_table(question.records, connection, "records", progress=tell)
    columns, suggestion = mapping_of(shelf, [pool.program], source, question.mapping)
    said = (*source.diagnostics, *(suggestion.diagnostics if suggestion else ()))
    return replace(asked, products=judged(pool, connection, source, columns), about=columns.about, diagnostics=said)


def _standards(shelf: Shelf, question: Question, to: str | Path | None) -> list[Program]:
    """The programs of standards and regions, as corrected, all of one date: that asked for, else the last they declare; the proposal last."""
    regions, on = load_regions(), question.on

    def of(day: date | None) -> list[Program]:
        held = [p for side in sides_of(shelf, regions, question.words, question.subject, day, corrected=True) for p in side.programs]
        return [*held, *_proposal(shelf, to, day)]

    found = of(on)
    declared = [p.standard.effective or p.standard.published for p in found]
    return found if on is not None else of(max((day for day in declared if day), default=max((p.on for p in found), default=None)))


def _proposal(shelf: Shelf, to: str | Path | None, day: date | None) -> list[Program]:
    if to is None:
        return []
    if isinstance(to, Path):  # not on the shelf: another one, that takes paths
        shelf = Shelf(shelf.folders, shelf.property_folders, beside=shelf.beside)
    return programs(shelf, [str(to)], day, corrected=True)


def _baseline(shelf: Shelf, found: Sequence[Program], word: str | None) -> int:
    numbers = [p.standard.number for p in found]
    if word is None:
        return next((at for at, p in enumerate(found) if p.standard.level == "national"), 0)
    named = programs(shelf, [word], None)[0].standard.number
    if named not in numbers:
        raise Refused([Diagnostic("harmonise-baseline", None, {"name": named, "known": "、".join(numbers)})])
    return numbers.index(named)


def head_of(asked: Asked, strategy: Strategy, number: str, level: str, region: str) -> Head:
    """What a proposal says of itself."""
    pool, rule = asked.pool, STRATEGIES[strategy]
    numbers = [p.standard.number for p in pool.standards]
    zh, en = "、".join(numbers), ", ".join(numbers)
    based = numbers[asked.baseline]
    return Head(
        number, Title(f"协调提案（{rule.zh}）：{zh}", f"Harmonised proposal ({rule.en}): {en}"), level, region, pool.program.on,
        Title(f"由程序按「{rule.zh}」从 {zh} 的条款中选出（基准：{based}）；不是任何机构发布的文件，未经审查。各条的数值见其来源",
              f"chosen by a program by the rule: {rule.en}, from clauses of {en} (baseline: {based}); issued by nobody and not reviewed. For the "
              "figures of a clause see its sources"),
    )  # fmt: skip


def targets(proposal: Proposal) -> list[Target]:
    """What is to become of every row."""
    kinds: Mapping[str, Any] = {"open": "open", "regional": "stays"}
    return [Target(c.row, None if c.outcome in kinds else c.clauses, kinds.get(c.outcome, "stays")) for c in proposal.choices]
