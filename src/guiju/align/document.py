"""A proposed standard: carried clauses as a text that can be checked, with what is said of it, and whether it asks what they asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from guiju.align.carrying import Refusal, Voice, Wanted, carry
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.smt.answers import Answer
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.meaning import demand
from guiju.readings.smt.sameness import same_verdicts
from guiju.readings.smt.search import Budget, Searcher
from guiju.readings.smt.space import Space
from guiju.standard.composing import Tree, compose
from guiju.standard.document import read
from guiju.standard.model import Title
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Head:
    """What a made document says of itself.

    why        how it was made, and by which rule
    left_out   what it has not, and why
    """

    number: str
    title: Title
    level: str
    region: str
    on: date
    why: Title
    left_out: tuple[Title, ...] = ()

    def tree(self) -> Tree:
        return {
            "number": self.number, "edition": str(self.on.year), "title": {"zh": self.title.zh, "en": self.title.en}, "level": self.level,
            "region": self.region, "status": "draft", "dates": {"effective": self.on.isoformat()},
        }  # fmt: skip

    def derived(self) -> Tree:
        return {"title": "推得，由程序从所列标准的条款合成 (derived, put together by a program from clauses of the standards named)", "grade": "C",
                "why": {"zh": self.why.zh, "en": self.why.en}}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A document made of carried clauses.

    wanted    the clauses in it, as they were asked for
    refused   those that could not be carried
    """

    text: str
    program: Program
    voices: tuple[Voice, ...]
    wanted: tuple[Wanted, ...]
    refused: tuple[Refusal, ...]
    treat_as: Mapping[str, str]

    @cached_property
    def clauses(self) -> Mapping[str, ClauseMeaning]:
        return {c.no: c for c in self.program.clauses}

    def pairs(self) -> list[tuple[Wanted, ClauseMeaning, ClauseMeaning]]:
        """Every clause of the document, scenario by scenario, beside the clause it was carried from."""
        found = []
        for each in self.wanted:
            originals = {c.no.partition("@")[2]: c for c in self.voices[each.voice].program.clauses if c.no.partition("@")[0] == each.no}
            for no, made in self.clauses.items():
                stem, _, scenario = no.partition("@")
                if stem == each.number:
                    found.append((each, originals[scenario], made))
        return found


def make(
    voices: Sequence[Voice], wanted: Sequence[Wanted], head: Head, shelf: Shelf, treat_as: Mapping[str, str], examples: str | None = None
) -> Made:
    """The document of these clauses, checked; what cannot be carried, or does not check, is left out and named.

    raises   Refused: nothing-carried
    """
    kept, refused = list(wanted), list[Refusal]()
    while kept:
        carried = carry(voices, kept, shelf.dictionary, treat_as, head.derived())
        text = _text(head, carried.sections, [*refused, *carried.refused], voices)
        problems = Problems()
        program = None if carried.refused else checked(text, examples, head, shelf, problems)
        if program is not None and not problems.has_errors:
            return Made(text, program, tuple(voices), tuple(kept), tuple(refused), treat_as)
        fresh = list(carried.refused) or _broken(voices, kept, head, shelf, treat_as, problems)
        refused += fresh
        gone = {id(each.wanted) for each in fresh}
        kept = [each for each in kept if id(each) not in gone]
    reasons = [refusal_title(each, voices) for each in refused[:5]]
    facts = {"reasons": "；".join(t.zh for t in reasons), "reasons_en": "; ".join(t.en for t in reasons)}
    raise Refused([Diagnostic("nothing-carried", None, facts)])


def checked(text: str, examples: str | None, head: Head, shelf: Shelf, problems: Problems) -> Program | None:
    """The program of a text that is not on any shelf."""
    file = f"{head.number}.yaml"
    beside = None if examples is None else read(examples, "examples.yaml", problems)
    standard = parse_standard(read(text, file, problems), beside, shelf.dictionary, problems, shelf.factors)
    return None if standard is None or problems.has_errors else check(standard, head.on, shelf, problems)


def _broken(
    voices: Sequence[Voice], kept: Sequence[Wanted], head: Head, shelf: Shelf, treat_as: Mapping[str, str], problems: Problems
) -> list[Refusal]:
    """Clauses that do not check by themselves; where each does, the last one, since all together do not."""
    found = []
    for each in kept:
        said = Problems()
        carried = carry(voices, [each], shelf.dictionary, treat_as, head.derived())
        checked(_text(head, carried.sections, [], voices), None, head, shelf, said)
        if said.has_errors:
            found.append(Refusal(each, _said(said)))
    return found or [Refusal(kept[-1], _said(problems))]


def _said(problems: Problems) -> Title:
    first = next((d for d in problems.found if d.severity.name == "ERROR"), problems.found[0])
    return Title(first.message("zh"), first.message("en"))


def _text(head: Head, sections: Tree, refused: Sequence[Refusal], voices: Sequence[Voice]) -> str:
    left_out = [*head.left_out, *(refusal_title(each, voices) for each in refused)]
    as_of = f"the effective date {head.on} is that the standards were read as of, not one that is proposed"
    left_out.append(Title(f"实施日期 {head.on} 是所依据各标准的读取日期，不是建议的实施日期", as_of))
    tree = {"guiju": "1", "standard": head.tree(), **sections, "left_out": [{"zh": t.zh, "en": t.en} for t in left_out]}
    return compose(tree, f"{head.number}.yaml")


def refusal_title(refusal: Refusal, voices: Sequence[Voice]) -> Title:
    voice, no = voices[refusal.wanted.voice], refusal.wanted.no
    return Title(f"{voice.label.zh} {no} 未能收入：{refusal.reason.zh}", f"{voice.label.en} {no} could not be carried: {refusal.reason.en}")


def faithful(made: Made, shelf: Shelf, budget: Budget | None = None) -> list[tuple[Wanted, str, Answer]]:
    """Whether every clause gives the verdicts of the clause it was carried from: (what was wanted, its number in the document, the answer)."""
    found = []
    spaces: dict[int, tuple[Space, Searcher, Comparability]] = {}
    for wanted, original, own in made.pairs():
        if wanted.voice not in spaces:  # a record of that standard and of the document; the others' ranges are no matter
            space = Space((made.voices[wanted.voice].program, made.program), made.treat_as)
            spaces[wanted.voice] = space, Searcher(space, budget), Comparability(space, shelf.dictionary, any_method=True)
        space, searcher, comparable = spaces[wanted.voice]
        answer = same_verdicts(searcher, comparable, demand(space, 0, original), demand(space, 1, own))
        found.append((wanted, own.no, answer))
    return found
