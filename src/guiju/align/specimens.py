"""Specimens: records that show what a standard asks, found by the solver, judged by the exact reading, and written as its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from guiju.base.rounding import decimal_text
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate, is_met
from guiju.readings.smt.answers import Witness
from guiju.readings.smt.logic import Formula, conj, disj, lift
from guiju.readings.smt.meaning import Demand, demand
from guiju.readings.smt.search import Budget, Found, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.composing import Flow, Tree, compose
from guiju.standard.model import Title

ALL_MAX = 120
"""Clauses that are asked to apply all at once; of more, one that applies is enough."""


@dataclass(frozen=True)
class Specimen:
    """A record, what it shows, and the verdicts it is shown for."""

    title: Title
    evaluation: Evaluation
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Specimens:
    """found        what passes everything first
    satisfiable  whether anything passes; None where that is not known
    without      clauses that nothing fails alone, as far as was found
    """

    found: tuple[Specimen, ...]
    satisfiable: bool | None
    without: tuple[str, ...]


def specimens(program: Program, *, budget: Budget | None = None, population: Population | None = None) -> Specimens:
    """A record that passes everything; for every clause one that fails it alone and one exactly at its limit, where there are such; one that
    lacks something, and one a clause does not apply to."""
    space = Space((program,))
    finder = _Finder(program, Searcher(space, budget, population), tuple(demand(space, 0, c) for c in program.clauses))
    whole, satisfiable = finder.passing()
    if whole is None:
        return Specimens((), satisfiable, ())
    finder.searcher.typical = dict(whole.assignment)
    found = [Specimen(Title("全部符合", "passes everything"), whole.evaluations[0], ("overall",))]
    without = []
    for no, family in finder.families().items():
        failing = next((pair for d in family if (pair := finder.failing(d)) is not None), None)
        if failing is None:
            without.append(no)
        at_limit = finder.first_at_limit(family)
        alone, exactly = Title(f"只不符合 {no}", f"fails {no} alone"), Title(f"{no}，恰在限值上", f"{no}, exactly at the limit")
        for title, pair in ((alone, failing), (exactly, at_limit)):
            if pair is not None:
                found.append(Specimen(title, pair[1].evaluations[0], ("overall", pair[0].no)))
    verdicts = {each.evaluation.verdicts.get("overall") for each in found}
    if Verdict.FAIL not in verdicts and (whatever := finder.failing_anyhow()) is not None:
        found.append(Specimen(Title("不符合", "fails"), whatever.evaluations[0], ("overall",)))
    return Specimens((*found, *finder.others(whole)), True, tuple(without))


@dataclass
class _Finder:
    program: Program
    searcher: Searcher
    demands: tuple[Demand, ...]

    def families(self) -> Mapping[str, list[Demand]]:
        found: dict[str, list[Demand]] = {}
        for d in self.demands:
            found.setdefault(d.no.partition("@")[0], []).append(d)
        return found

    def passing(self) -> tuple[Witness | None, bool | None]:
        """A record that passes; better one that every clause applies to, recommendations too."""
        must = [d for d in self.demands if d.meaning.clause.strength == "shall"]
        whole = self.program.overall
        assert whole is not None, "a checked standard has a clause that must be met"

        def passes(judged: Sequence[Evaluation]) -> bool:
            return judged[0].judge(whole) is Verdict.PASS

        met = [d.met for d in must]
        tries: list[list[Formula]] = [[*met, disj(d.applies.true for d in must)]]
        if len(self.demands) <= ALL_MAX:
            tries.insert(0, [f for d in self.demands for f in (d.applies.true, d.requires.true)])
        answer: Found = Nothing()
        for formulas in tries:
            answer = self.searcher.find(Sought(formulas, self.keys(self.demands), passes))
            if isinstance(answer, Witness):
                return answer, True
        return None, False if isinstance(answer, Nothing) else None

    def keys(self, demands: Sequence[Demand]) -> frozenset[str]:
        return frozenset().union(*(d.all_keys for d in demands))

    def failing(self, d: Demand) -> tuple[Demand, Witness] | None:
        return self.found(d, conj((d.applies.true, d.requires.false)), Verdict.FAIL)

    def failing_anyhow(self) -> Witness | None:
        """A record that fails, whatever it meets beside."""
        whole = self.program.overall
        assert whole is not None, "a checked standard has a clause that must be met"
        must = [d for d in self.demands if d.meaning.clause.strength == "shall"]
        wanted = disj(conj((d.applies.true, d.requires.false)) for d in must)
        answer = self.searcher.find(Sought([wanted], self.keys(must), lambda judged: judged[0].judge(whole) is Verdict.FAIL))
        return answer if isinstance(answer, Witness) else None

    def first_at_limit(self, family: Sequence[Demand]) -> tuple[Demand, Witness] | None:
        for d in family:
            for node in below([d.meaning.requires]):
                if node.op in (Op.LE, Op.LT) and node.args[0].is_number:
                    left, right = (self.searcher.space.of(0, arg) for arg in node.args)
                    equal = conj((left.defined, right.defined, _equal(left.term, right.term)))
                    verdict = Verdict.PASS if node.op is Op.LE else Verdict.FAIL
                    asked = d.requires.true if node.op is Op.LE else d.requires.false
                    pair = self.found(d, conj((d.applies.true, asked, equal)), verdict, node)
                    if pair is not None:
                        return pair
        return None

    def found(self, d: Demand, wanted: Formula, verdict: Verdict, limit: Node | None = None) -> tuple[Demand, Witness] | None:
        """A record for which the formula holds of one clause, and that meets all the others.

        limit   a comparison both sides of which are to be equal
        """
        others = [o for o in self.demands if o is not d]
        near = [o for o in others if o.asked & d.asked]

        def shows(judged: Sequence[Evaluation]) -> bool:
            (e,) = judged
            at_limit = limit is None or e.of(limit.args[0]) == e.of(limit.args[1])
            return at_limit and e.judge(d.meaning) is verdict and all(is_met(e, o.meaning) for o in others)

        answer = self.searcher.find(Sought(
            [wanted, *(o.met for o in near)], self.keys([d, *near]), shows, [wanted, *(o.met for o in others)], self.keys(self.demands),
        ))  # fmt: skip
        return (d, answer) if isinstance(answer, Witness) else None

    def others(self, whole: Witness) -> Iterator[Specimen]:
        record = dict(whole.record(0))
        overall = self.program.overall
        assert overall is not None
        for name in record:
            lacking = evaluate(self.program, {n: v for n, v in record.items() if n != name})
            if lacking.judge(overall) is Verdict.UNDETERMINED and lacking.why_unknown(overall).missing:
                yield Specimen(Title("缺少一项输入", "one input is missing"), lacking, ("overall",))
                break
        for d in self.demands:
            outside = self.outside(d)
            if outside is not None:
                yield Specimen(Title(f"{d.no} 不适用", f"{d.no} does not apply"), outside.evaluations[0], (d.no,))
                break

    def outside(self, d: Demand) -> Witness | None:
        """A record a clause does not apply to."""
        answer = self.searcher.find(Sought([d.applies.false], d.all_keys, lambda judged: judged[0].judge(d.meaning) is Verdict.NOT_APPLICABLE))
        return answer if isinstance(answer, Witness) else None


def _equal(a: object, b: object) -> Formula:
    return a == b if isinstance(a, Fraction | int) and isinstance(b, Fraction | int) else lift(a) == lift(b)


def examples_text(found: Specimens, file: str) -> str | None:
    """The specimens as a file of examples; None where there are none."""
    if not found.found:
        return None
    return compose({"examples": [_example(each) for each in found.found]}, file)


def _example(specimen: Specimen) -> Tree:
    evaluation = specimen.evaluation
    program = evaluation.program
    given: dict[str, object] = {}
    record = dict(evaluation.record)
    counts = {name.removesuffix("#count"): int(value) for name, value in record.items() if name.endswith("#count") and isinstance(value, Fraction)}
    for name, declared in program.inputs.items():
        if name in record and not name.endswith("#count"):
            stem, _, child = name.partition("#")
            if not child or declared.of is None or int(child) <= counts.get(declared.of, int(child)):
                _put(given, stem, _text(program, name, record[name]), bool(child))
    verdicts = evaluation.verdicts
    return {
        "name": Flow({"zh": f"{specimen.title.zh}（构造的记录）", "en": f"{specimen.title.en} (a record made for it)"}),
        "given": {name: Flow(value) if isinstance(value, dict) else value for name, value in given.items()} or Flow({}),
        "expect": Flow({no: verdicts[no].value for no in specimen.shown}),
    }  # fmt: skip


def _put(given: dict[str, object], stem: str, text: str, is_child: bool) -> None:
    """A value under its name, by scenario, and in the list of its children."""
    name, _, scenario = stem.partition("@")
    held: dict[str, object] = given
    key = name
    if scenario:
        inner = given.setdefault(name, {})
        assert isinstance(inner, dict)
        held, key = inner, scenario
    if is_child:
        listed = held.setdefault(key, [])
        assert isinstance(listed, list)
        listed.append(text)
    else:
        held[key] = text


def _text(program: Program, name: str, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return program.inputs[name].with_unit(decimal_text(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
