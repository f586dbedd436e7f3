"""Carrying: clauses of several standards brought into one document, with all they rest on, so that they ask what they asked before.

Inputs of one property become one input: named and counted as in the first standard that has it where the others' grids and ranges can be
written so, with the finest decimals and the widest range of all, so that every record any of the standards judges can be given. What a clause
rests on comes along, renamed where a name is taken by something else; the scope of its own standard becomes part of its condition unless all
share one. What cannot be brought along is refused by clause, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text, is_decimal
from guiju.base.units import ONE, Unit
from guiju.ir.node import Op, below
from guiju.ir.ordering import RESERVED
from guiju.ir.program import ClauseMeaning, Program
from guiju.standard import expression as ex
from guiju.standard.composing import Flow, Tree, expression_text
from guiju.standard.dictionary import Dictionary
from guiju.standard.document import Scalar
from guiju.standard.model import Clause, Formula, Input, Parameter, Source, Standard, Table, Title
from guiju.standard.unroll import AGGREGATES, SCENARIO
from guiju.standard.writing import unnamed

DECIMALS_MAX = 9
_DIGITS = 15
_ACROSS = frozenset(("pass", "worst", "count"))
"""Functions that speak of other clauses and indicators of their own standard."""
Names = Mapping[str, str]
"""What something is called in its own standard → in the document made."""


@dataclass(frozen=True)
class Voice:
    """One reading of a standard, and how it is cited."""

    program: Program
    label: Title

    @property
    def standard(self) -> Standard:
        return self.program.standard.authored


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clause to be carried.

    voice       the position of its standard
    no          its number there, without scenario
    number      its number in the document made
    scenarios   those it is to hold in; empty: all it holds in
    """

    voice: int
    no: str
    number: str
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A clause that cannot be carried, and why."""

    wanted: Wanted
    reason: Title


@dataclass(frozen=True)
class Carried:
    """The sections of a document, without its head."""

    sections: Tree
    refused: tuple[Refusal, ...]


def carry(voices: Sequence[Voice], wanted: Sequence[Wanted], dictionary: Dictionary, treat_as: Mapping[str, str], derived: Tree) -> Carried:
    """The sections a document needs for these clauses.

    treat_as   property → the property whose values stand for it: an assumption of whoever asks
    derived    the source that says who put the clauses together; every clause cites it
    """
    return _Carrier(voices, dictionary, treat_as, derived).carried(wanted)


@dataclass(slots=True)
class _Group:
    """The inputs of one property: (position of the voice, input)."""

    key: tuple[str, bool, str | None]
    members: list[tuple[int, Input]] = field(default_factory=list)
    name: str = ""


class _Cannot(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Title(zh, en)


class _Carrier:
    def __init__(self, voices: Sequence[Voice], dictionary: Dictionary, treat_as: Mapping[str, str], derived: Tree) -> None:
        self.voices, self.dictionary, self.treat_as = voices, dictionary, treat_as
        self.groups: dict[tuple[str, bool, str | None], _Group] = {}
        self.names: list[dict[str, str]] = [{} for _ in voices]
        self.taken: dict[str, object] = {}
        self.sections: dict[str, dict[str, object]] = {s: {} for s in ("uses", "children", "inputs", "parameters", "tables", "formulas", "clauses")}
        self.sources: dict[tuple[object, ...], str] = {}
        self.cited: dict[str, Tree] = {}
        self.derived = derived
        self.scenario_of: dict[int, list[str]] = {}
        self.symbols = {name.casefold() for v in voices for t in v.standard.tables.values() for name in t.numeric}

    def carried(self, wanted: Sequence[Wanted]) -> Carried:
        refused: list[Refusal] = []
        kept: list[tuple[Wanted, set[str]]] = []
        for each in wanted:
            try:
                needs = self.needs(each)
                self.fits(each, needs)
            except _Cannot as error:
                refused.append(Refusal(each, error.reason))
            else:
                kept.append((each, needs))
                self.join(each, needs)
        for group in self.groups.values():
            group.name = self.free(group.members[0][1].name, group.members[0][0])
            for at, declared in group.members:
                self.names[at][declared.name] = group.name
        shared = self.shared_scope([each for each, _ in kept])
        for each, needs in kept:
            try:
                self.put(each, needs, shared is None)
            except _Cannot as error:
                refused.append(Refusal(each, error.reason))
        return Carried(self.document(shared), tuple(refused))

    # what a clause rests on

    def needs(self, wanted: Wanted) -> set[str]:
        """Every name of its standard that a clause rests on."""
        s, clause = self.voices[wanted.voice].standard, self.clause(wanted)
        parts = [*clause_parts(clause), *([s.scope.expr] if s.scope else [])]
        needed: set[str] = set()
        waiting = self.mentioned(s, parts)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting |= self.mentioned(s, definition_parts(s, name), clause, set(s.tables[name].numeric) if name in s.tables else set())
        for node in below([n for m in self.meanings(wanted) for n in (m.applies, m.requires)]):
            if node.op is Op.INPUT:  # a used standard may ask for inputs that no name here mentions
                declared = self.voices[wanted.voice].program.inputs[str(node.value)]
                needed |= {declared.authored_name} if declared.authored_name in s.inputs else {declared.authored_name.split("#")[0]}
        return needed | {declared.of for name in needed if name in s.inputs and (declared := s.inputs[name]).of}

    def clause(self, wanted: Wanted) -> Clause:
        return self.voices[wanted.voice].standard.clauses[wanted.no]

    def meanings(self, wanted: Wanted) -> list[ClauseMeaning]:
        return [m for m in self.voices[wanted.voice].program.clauses if m.no.split("@")[0] == wanted.no]

    def mentioned(self, s: Standard, parts: Iterable[ex.Expr], clause: Clause | None = None, local: set[str] | None = None) -> set[str]:
        """Names a part mentions; raises where one is of something that cannot be carried."""
        found: set[str] = set()
        for each in (e for part in parts for e in ex.walk(part)):
            if isinstance(each, ex.Call) and each.within is None and each.name in _ACROSS:
                said = f"it uses {each.name}(…), which speaks of other clauses or indicators of its standard"
                raise _Cannot(f"用到 {each.name}(…)，它说的是该标准的其他条款或指标", said)
            if not isinstance(each, ex.Name | ex.Call) or each.name in ("true", "false") or each.name in (local or ()):
                continue
            name = each.within or each.name
            for group, zh, en in ((s.populations, "总体", "population"), (s.indicators, "指标", "indicator"),
                                  (s.scores, "得分", "score"), (s.gradings, "评级", "grading")):  # fmt: skip
                if name in group:
                    raise _Cannot(f"依赖该标准的{zh}「{name}」", f"it rests on the {en} `{name}` of its standard")
            if clause is not None and isinstance(each, ex.Call) and each.name in AGGREGATES and s.scenarios and not s.children:
                raise _Cannot(f"依赖对该标准全部场景的 {each.name}(…)", f"it rests on {each.name}(…) over all scenarios of its standard")
            if name in s.inputs or name in s.parameters or name in s.tables or name in s.formulas or each.within:
                found.add(name)
        return found

    # inputs

    def key(self, declared: Input) -> tuple[str, bool, str | None]:
        return self.treat_as.get(declared.is_, declared.is_), declared.per_scenario, declared.of

    def fits(self, wanted: Wanted, needs: set[str]) -> None:
        """Raises where what the clause rests on cannot stand beside what is there already."""
        voice = self.voices[wanted.voice]
        s = voice.standard
        used = [i for i in s.inputs.values() if i.name in {voice.program.inputs[n].authored_name for n in voice.program.used_inputs}]
        for declared in (s.inputs[name] for name in sorted(needs) if name in s.inputs):
            twins = [i.name for i in used if self.key(i) == self.key(declared)]
            if len(twins) > 1:
                named = f"its standard has several inputs of one property: {', '.join(twins)}"
                raise _Cannot(f"该标准对同一性质有几个输入：{'、'.join(twins)}", named)
            held = self.groups.get(self.key(declared))
            if held is not None:
                members = [*(i for at, i in held.members if at != wanted.voice), declared]
                _united(members, self.dictionary)
                self.maps_agree(members, [(at, i.name) for at, i in held.members] + [(wanted.voice, declared.name)])
        if s.scenarios and (SCENARIO in needs or any(s.inputs[n].per_scenario for n in needs if n in s.inputs)):
            other = next((self.voices[at].standard.scenarios for at in self.scenario_of), None)
            if other is not None and other.is_ != s.scenarios.is_:
                raise _Cannot(f"它的场景是「{s.scenarios.is_}」，与「{other.is_}」不同", f"its scenarios are {s.scenarios.is_}, not {other.is_}")
        for name in needs & s.children.keys():
            there = self.sections["children"].get(name)
            if there is not None and there != self.children(s, name):
                raise _Cannot(f"子记录「{name}」与另一标准的个数不同", f"the children `{name}` are not those of another standard")

    def maps_agree(self, members: Sequence[Input], asked: Sequence[tuple[int, str]]) -> None:
        """A table over a category has a row for each of its words, and so cannot take in another standard's words."""
        words = {word for i in members for word in i.values}
        for at, name in asked:
            s = self.voices[at].standard
            mapped = any(t.kind == "map" and isinstance(t.of, ex.Name) and t.of.name == name for t in s.tables.values())
            if mapped and s.inputs[name].kind == "category" and set(s.inputs[name].values) != words:
                said = f"the standards let in different words of {members[0].en}, and a table has a row for each"
                raise _Cannot(f"各标准允许的「{members[0].zh}」取值不同，而有表按它逐项列出", said)

    def join(self, wanted: Wanted, needs: set[str]) -> None:
        s = self.voices[wanted.voice].standard
        for name in (n for n in s.inputs if n in needs):
            group = self.groups.setdefault(self.key(s.inputs[name]), _Group(self.key(s.inputs[name])))
            if (wanted.voice, s.inputs[name]) not in group.members:
                group.members.append((wanted.voice, s.inputs[name]))
        for name in sorted(needs & s.children.keys()):
            self.sections["children"][name] = self.children(s, name)
            self.names[wanted.voice][name] = name
        if s.scenarios:
            held = self.scenario_of.setdefault(wanted.voice, [])
            held += [each for each in self.holds_in(wanted) if each not in held]

    def holds_in(self, wanted: Wanted) -> list[str]:
        s, clause = self.voices[wanted.voice].standard, self.clause(wanted)
        own = [each.text for each in clause.scenarios] or (list(s.scenarios.labels) if s.scenarios else [])
        return [each for each in own if not wanted.scenarios or each in wanted.scenarios]

    def varies(self, wanted: Wanted) -> bool:
        return any("@" in m.no for m in self.meanings(wanted))

    def children(self, s: Standard, name: str) -> Tree:
        c = s.children[name]
        return {"zh": c.title.zh, "en": c.title.en, "count": str(c.least) if c.least == c.most else f"{c.least}..{c.most}"}

    # names and sources

    def free(self, wanted: str, at: int) -> str:
        """The name itself, or with the position of its standard, then with further numbers."""
        candidates = [wanted, f"{wanted}_{at + 1}", *(f"{wanted}_{at + 1}_{n}" for n in range(2, 100))]
        barred = RESERVED | self.symbols | self.taken.keys() | AGGREGATES.keys() | {SCENARIO}
        name = next(each for each in candidates if each.casefold() not in barred)
        self.taken[name.casefold()] = name
        return name

    def cite(self, at: int, ids: Iterable[str], *, derived: bool = False) -> list[str]:
        found = [self.source(self.voices[at].standard.sources[each]) for each in ids if each in self.voices[at].standard.sources]
        if derived:
            self.cited["d1"] = self.derived
        return [*dict.fromkeys(found), *(["d1"] if derived else [])]

    def source(self, s: Source) -> str:
        """Sources of all standards in one list; what two of them cite alike is one source."""
        same = (s.title, s.address, s.grade, s.read, s.why)
        if same not in self.sources:
            self.sources[same] = f"s{len(self.sources) + 1}"
            self.cited[self.sources[same]] = {"title": s.title, "address": s.address, "grade": s.grade, "read": s.read and s.read.isoformat(),
                                              "why": _titled(s.why)}  # fmt: skip
        return self.sources[same]

    # writing

    def text(self, at: int, expr: ex.Expr, local: Iterable[str] = ()) -> str:
        """An expression in the names of the document; raises where what is written is not read as it."""
        names = {old: new for old, new in self.names[at].items() if old not in set(local)}
        text = expression_text(expr, lambda name, within: names.get(name, name) if within is None else f"{names[within]}.{name}".rstrip("."))
        wanted = unnamed(expr, {new: old for old, new in names.items()}, {names[a]: (a, {}) for a in self.voices[at].standard.uses if a in names})
        problems = Problems()
        span = self.voices[at].standard.span
        if ex.parse(Scalar(text, span, None), problems, quantity=True) != wanted:
            raise _Cannot(f"写不出它的表达式：{text[:80]}", f"its expression cannot be written: {text[:80]}")
        return text

    def put(self, wanted: Wanted, needs: set[str], with_scope: bool) -> None:
        at = wanted.voice
        s, clause = self.voices[at].standard, self.clause(wanted)
        for name in _in_order(s, needs):
            self.define(at, name, self.holds_in(wanted))
        conditions = [*([s.scope.expr] if with_scope and s.scope else []), *([clause.when] if clause.when else [])]
        joined = ex.Logic("and", tuple(part for c in conditions for part in _parts(c)), clause.span)
        when = joined if len(conditions) > 1 else next(iter(conditions), None)
        holds = self.holds_in(wanted) if self.varies(wanted) or clause.scenarios else []
        self.sections["clauses"][wanted.number] = {
            "zh": f"{clause.title.zh}（{self.voices[at].label.zh} {clause.no}）", "en": f"{clause.title.en} ({self.voices[at].label.en} {clause.no})",
            "when": when and self.text(at, when), clause.strength: self.text(at, clause.requires),
            "compare": f"rounded {self.text(at, clause.rounded)}" if clause.rounded else None,
            "except": [{**(_titled(r.title) or {}), "when": self.text(at, r.when), "shall": r.requires and self.text(at, r.requires),
                        "exempt": None if r.requires else "true", "source": self.cite(at, r.sources)} for r in clause.reliefs],
            "method": clause.method, "in": holds or None, "disputed": _titled(self.disputed(at, clause, needs)),
            "source": self.cite(at, (*clause.sources, *(s.scope.sources if with_scope and s.scope else ())), derived=True),
        }  # fmt: skip

    def disputed(self, at: int, clause: Clause, needs: set[str]) -> Title | None:
        """What is disputed; that a text believed wrong stands here as corrected; and what was taken for another property."""
        s, said = self.voices[at].standard, [clause.disputed] if clause.disputed else []
        for declared in (s.inputs[name] for name in sorted(needs) if name in s.inputs and s.inputs[name].is_ in self.treat_as):
            used = self.treat_as[declared.is_]
            assumed = f"assumed: the value of {used} stands for {declared.is_}, which was asked"
            said.append(Title(f"假定：以「{used}」的数值代替原来所要的「{declared.is_}」", assumed))
        if clause.corrected is not None:
            how = ("此处按勘正后的读法", "taken as corrected") if s.corrected else ("此处按原文", "taken as written")
            reason = clause.corrected.reason
            said.append(Title(f"认为原文有误，{how[0]}：{reason.zh}", f"the text is believed wrong, and is {how[1]} here: {reason.en}"))
        return Title("；".join(t.zh for t in said), "; ".join(t.en for t in said)) if said else None

    def define(self, at: int, name: str, scenarios: Sequence[str]) -> None:
        """A definition a clause rests on, once; one written alike in another standard is shared."""
        s, names = self.voices[at].standard, self.names[at]
        if name in s.uses:
            self.use(at, name)
            return
        if name in names:
            if name in s.tables:
                self.more_rows(at, s.tables[name], scenarios)
            return
        if name in s.parameters:
            section, tree = "parameters", self.parameter(at, s.parameters[name])
        elif name in s.tables:
            section, tree = "tables", self.table(at, s.tables[name], scenarios)
        elif name in s.formulas:
            section, tree = "formulas", self.formula(at, s.formulas[name])
        else:
            return
        there = self.sections[section].items()
        alike = next((new for new, held in there if held == tree and new.startswith(name) and new not in names.values()), None)
        names[name] = alike or self.free(name, at)
        self.sections[section].setdefault(names[name], tree)

    def use(self, at: int, alias: str) -> None:
        number = self.voices[at].standard.uses[alias].number
        held = next((a for a, n in self.sections["uses"].items() if n == number), None)
        self.names[at].setdefault(alias, held or self.free(alias, at))
        self.sections["uses"][self.names[at][alias]] = number

    def parameter(self, at: int, p: Parameter) -> Tree:
        head: dict[str, object] = {**(_titled(p.title) or {}), "unit": p.unit.text}
        if p.unverified:
            return {**head, "unverified": _titled(p.unverified)}
        if len(p.values) == 1 and p.values[0].since is None:
            return {**head, "value": self.text(at, p.values[0].value), "source": self.cite(at, p.values[0].sources)}
        if any(v.since is None for v in p.values):
            raise _Cannot(f"参数「{p.name}」的值不能按日期写出", f"the values of the parameter `{p.name}` cannot be written by date")
        return {**head, "values": [Flow({"from": v.since.isoformat(), "value": self.text(at, v.value), "source": self.cite(at, v.sources)})
                                   for v in p.values if v.since]}  # fmt: skip

    def table(self, at: int, t: Table, scenarios: Sequence[str]) -> Tree:
        """A table of the scenario keeps the rows of the scenarios that are wanted."""
        symbols = dict(t.numeric)
        of_scenario = isinstance(t.of, ex.Name) and t.of.name == SCENARIO
        rows = [self.row(at, t, n) for n, r in enumerate(t.rows) if not of_scenario or r.key is None or r.key.text in scenarios]
        return {
            **(_titled(t.title) or {}), "of": self.text(at, t.of), "kind": t.kind, "unit": t.unit.text,
            "numeric": Flow({n: self.text(at, e) for n, e in symbols.items()}) if symbols else None, "rows": rows,
            "jumps": [self.text(at, j) for j in t.jumps], "outside": "clamp" if t.outside == "clamp" else None, "source": self.cite(at, t.sources),
        }  # fmt: skip

    def row(self, at: int, t: Table, n: int) -> Flow:
        r = t.rows[n]
        ends = {"above" if r.lower and not r.lower[1] else "from": r.lower, "upto" if r.upper and r.upper[1] else "below": r.upper}
        return Flow({
            "key": r.key and r.key.text, "at": r.at and self.text(at, r.at, t.numeric),
            **{key: end and self.text(at, end[0], t.numeric) for key, end in ends.items()},
            "value": self.text(at, r.value, t.numeric), "source": self.cite(at, r.sources) or None,
        })  # fmt: skip

    def more_rows(self, at: int, t: Table, scenarios: Sequence[str]) -> None:
        """Another clause may want the table of the scenario for other scenarios."""
        held = self.sections["tables"][self.names[at][t.name]]
        assert isinstance(held, dict)
        fresh = self.table(at, t, scenarios)
        held["rows"] = [*held["rows"], *(row for row in fresh["rows"] if row not in held["rows"])]

    def formula(self, at: int, f: Formula) -> Tree:
        unit = f.unit.text if f.unit else None
        return {**(_titled(f.title) or {}), "unit": unit, "formula": self.text(at, f.formula), "source": self.cite(at, f.sources)}

    # the document

    def shared_scope(self, kept: Sequence[Wanted]) -> int | None:
        """The position of a standard whose scope all of them share; None where there is none, or they differ."""
        positions = sorted({each.voice for each in kept})
        scopes = [self.voices[at].standard.scope for at in positions]
        if not scopes or any(scope is None for scope in scopes):
            return None
        texts = {self.text(at, scope.expr) for at, scope in zip(positions, scopes, strict=True) if scope is not None}
        return positions[0] if len(texts) == 1 else None

    def document(self, shared: int | None) -> Tree:
        inputs = {}
        for group in self.groups.values():
            inputs[group.name] = Flow({**_united([i for _, i in group.members], self.dictionary), "is": group.key[0],
                                       "per": "scenario" if group.key[1] else None, "of": group.key[2]})  # fmt: skip
        scope: Tree | None = None
        if shared is not None and (held := self.voices[shared].standard.scope) is not None:
            scope = {**(_titled(held.title) or {}), "shall": self.text(shared, held.expr), "source": self.cite(shared, held.sources)}
        subject = self.voices[min({at for at, names in enumerate(self.names) if names}, default=0)].standard.subject
        return {
            "sources": {**self.cited}, "subject": Flow({"type": subject[0], "zh": subject[1].zh, "en": subject[1].en}),
            "uses": self.sections["uses"], "scenarios": self.scenarios(), "children": self.sections["children"], "inputs": inputs,
            "parameters": self.sections["parameters"], "tables": self.sections["tables"], "formulas": self.sections["formulas"], "scope": scope,
            "clauses": self.sections["clauses"],
        }  # fmt: skip

    def scenarios(self) -> Flow | None:
        labels = list(dict.fromkeys(each for held in self.scenario_of.values() for each in held))
        first = next((s for at in self.scenario_of if (s := self.voices[at].standard.scenarios)), None)
        return Flow({"is": first.is_, "of": labels}) if first and labels and any(g.key[1] for g in self.groups.values()) else None


def clause_parts(c: Clause) -> list[ex.Expr]:
    return [c.requires, *([c.when] if c.when else []), *(e for r in c.reliefs for e in (r.when, r.requires) if e is not None)]


def definition_parts(s: Standard, name: str) -> list[ex.Expr]:
    if name in s.parameters:
        return [v.value for v in s.parameters[name].values]
    if name in s.formulas:
        return [s.formulas[name].formula]
    if name not in s.tables:
        return []
    t = s.tables[name]
    ends = [b[0] for r in t.rows for b in (r.lower, r.upper) if b] + [r.at for r in t.rows if r.at]
    return [t.of, *t.numeric.values(), *(r.value for r in t.rows), *ends, *t.jumps]


def _in_order(s: Standard, needs: set[str]) -> Iterator[str]:
    """What is needed, each after what it is made of."""
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> Iterator[str]:
        if name in done or name in trail or name not in needs:
            return
        for part in definition_parts(s, name):
            for each in ex.walk(part):
                if isinstance(each, ex.Name | ex.Call):
                    yield from visit(each.within or each.name, (*trail, name))
        done.add(name)
        yield name

    for name in sorted(needs, key=[*s.uses, *s.parameters, *s.tables, *s.formulas, *s.inputs, *s.children, *needs].index):
        yield from visit(name, ())


def _united(members: Sequence[Input], dictionary: Dictionary) -> dict[str, object]:
    """How an input is declared that stands for inputs of one property; raises where there is none."""
    first = members[0]
    if any(i.kind != first.kind or i.zone != first.zone for i in members):
        raise _Cannot(f"各标准的「{first.zh}」种类或时区不同", f"{first.en} is of another kind or zone in another standard")
    if first.kind == "category":
        words = list(dict.fromkeys(word for i in members for word in i.values))
        if any(i.rising for i in members) and any(i.values != first.values or i.rising != first.rising for i in members):
            raise _Cannot(f"各标准的「{first.zh}」次序不同", f"the words of {first.en} are in another order in another standard")
        return {"values": words, "order": "rising" if first.rising else None}
    if first.kind != "number":
        hours = first.zone.total_seconds() / 60 if first.zone is not None else 0
        sign, hours = ("-", -hours) if hours < 0 else ("+", hours)
        return {"zone": f"{sign}{int(hours // 60):02}:{int(hours % 60):02}"} if first.kind == "time" and first.zone is not None else {}
    if any(not (i.unit or ONE).same_dimension(first.unit or ONE) for i in members):
        raise _Cannot(f"各标准的「{first.zh}」量纲不同", f"{first.en} is of another dimension in another standard")
    found = next((made for unit in dict.fromkeys(i.unit or ONE for i in members) if (made := _counted(members, unit)) is not None), None)
    if found is None:
        said = f"no unit can hold the decimals and ranges of {first.en} of all standards"
        raise _Cannot(f"没有一个单位能写出各标准的「{first.zh}」的小数位与范围", said)
    return found


def _counted(members: Sequence[Input], unit: Unit) -> dict[str, object] | None:
    """The finest grid and the widest range in a unit; None where they are no decimals in it."""
    scaled = [(i, (i.unit or ONE).ratio(unit)) for i in members]
    lows = [i.minimum * ratio for i, ratio in scaled if i.minimum is not None]
    highs = [i.maximum * ratio for i, ratio in scaled if i.maximum is not None]
    places = next((k for k in range(DECIMALS_MAX + 1) if all((i.grid * ratio * 10**k).denominator == 1 for i, ratio in scaled)), None)
    if places is None or not all(is_decimal(b) for b in (*lows, *highs)):
        return None
    low, high = min(lows, default=Fraction(0)), max(highs, default=Fraction(0))
    if max(abs(low), abs(high)) * 10**places > 10**_DIGITS:
        return None
    return {"unit": unit.text, "decimals": str(places), "min": decimal_text(low), "max": decimal_text(high)}


def _parts(expr: ex.Expr) -> tuple[ex.Expr, ...]:
    return expr.operands if isinstance(expr, ex.Logic) and expr.op == "and" else (expr,)


def _titled(title: Title | None) -> dict[str, str] | None:
    return None if title is None else {"zh": title.zh, "en": title.en}
