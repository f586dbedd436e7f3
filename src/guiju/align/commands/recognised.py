"""What `guiju align recognise` does: each clause that is asked, on which ground it is recognised, or what shows that it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from guiju.align.avoided import Avoided, avoided
from guiju.align.catalogue import Catalogue, load_catalogue
from guiju.align.inforce import GONE, standards_in
from guiju.align.plan_page import Table
from guiju.align.recognition import Finding, Question, Recognition, Standing
from guiju.align.recognition import recognise as recognition
from guiju.align.rules import Rule, load_rules
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.answering import answer_json, real_records, show_witness, treated
from guiju.cli.console import Exit, console, language, progress, refusals, say, table
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.explain import MARKS, WORDS, explain
from guiju.readings.smt.answers import NotComparable, Refuted, Unknown
from guiju.records.bulk import programs, weakest_evidence
from guiju.report.proved import witness_of
from guiju.standard.document import load, plain
from guiju.standard.regions import Regions, load_regions
from guiju.standard.shape import MapOf, did_you_mean, read
from guiju.standard.shelf import Shelf, data_folder, default_shelves

STANDINGS: dict[Standing, tuple[str, str, str]] = {
    Standing.RECOGNISED: ("✓", "认可", "recognised"), Standing.OUTSIDE: ("–", "不适用", "does not apply"),
    Standing.SHOW: ("✗", "须证明", "to be shown"), Standing.UNASKED: ("✗", "须证明，未要求过", "to be shown, new"),
    Standing.EXCLUDED: ("✗", "冲突", "conflict"), Standing.REPEAT: ("–", "不可比，须重做", "not comparable, to repeat"),
    Standing.UNKNOWN: ("?", "未知", "unknown"), Standing.BARRIER: ("✗", "壁垒", "barrier"),
}  # fmt: skip


Tell = Callable[[int | None, int | None], None]


@dataclass(frozen=True)
class Asking:
    """The options both commands share, and what they open."""

    shelves: tuple[Path, ...]
    subject: str | None
    on: str | None
    rule: str | None
    treat_as: tuple[str, ...]
    any_method: bool
    records: Path | None
    mapping: Path | None
    tests: Path | None
    as_json: bool
    opened: Shelf | None = None
    """The shelf to look in where there is one already; then `shelves` are not opened."""

    @property
    def texts(self) -> dict[str, str]:
        """The files named that hold data, for showing problems in them."""
        named = (self.tests, Path(self.rule) if self.rule else None)
        return {str(path): path.read_text(encoding="utf-8", errors="replace") for path in named if path is not None and path.is_file()}

    @cached_property
    def shelf(self) -> Shelf:
        return self.opened or Shelf((*self.shelves, *default_shelves()))

    @cached_property
    def regions(self) -> Regions:
        near = [f.parent / "regions" for f in self.shelf.folders if (f.parent / "regions").is_dir()]
        return load_regions(tuple(dict.fromkeys((*near, data_folder() / "regions"))))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Those known, or the one named, by name or file.

        raises   Refused: recognise-no-rule
        """
        if self.rule == "none":
            return ()
        if self.rule is not None and Path(self.rule).is_file():
            return load_rules(self.shelf, self.regions, [Path(self.rule)])
        known = load_rules(self.shelf, self.regions)
        found = tuple(rule for rule in known if self.rule in (None, rule.name))
        if self.rule is not None and not found:
            raise Refused([Diagnostic("recognise-no-rule", None, {"name": self.rule, **did_you_mean(self.rule, [rule.name for rule in known])})])
        return found

    @cached_property
    def catalogue(self) -> Catalogue | None:
        if self.tests is None:
            return None
        problems = Problems()
        found = load_catalogue(self.tests, self.shelf.dictionary, self.regions, problems)
        problems.refuse_errors()
        return found

    def question(self, every: Sequence[Program]) -> Question:
        population = real_records(self.shelf, every, self.records, self.mapping) if self.records else None
        return Question(self.shelf.dictionary, treated(self.shelf, self.treat_as), self.any_method, population=population)

    def code(self, word: str | None) -> str | None:
        return None if word is None else self.regions.named(word).code

    def in_force(self, code: str, subjects: Sequence[str]) -> list[Program]:
        """The standards on these subjects that apply in a region on the date, today where none is given."""
        on = as_of(self.on) or date.today()
        return programs(self.shelf, [s.number for s in standards_in(self.shelf, self.regions, code, on, subjects)], on)

    def binding(self, asked: Program, passed: Sequence[Program], region: str | None, passed_in: str | None) -> Rule | None:
        """The rule that says what may be asked by this text of whoever passed those elsewhere."""
        if region is not None and region == passed_in:
            return None
        on, numbers = as_of(self.on) or date.today(), {p.standard.number for p in passed}

        def inside(code: str | None, rule: Rule) -> bool:
            return code is None or any(whole.code == rule.within for whole in self.regions.wholes(code))

        fit = (r for r in self.rules if r.standard in numbers and on >= r.since and inside(region, r) and inside(passed_in, r))
        return next((rule for rule in fit if rule.binds(asked, self.regions)), None)

    def title(self, code: str) -> str:
        held = self.regions.held.get(code)
        return held.title.text(language()) if held else code


@dataclass(frozen=True)
class Recognised:
    """passed    the standards that were passed
    found     each standard that is asked, clause by clause
    saved     the tests that are avoided; None without a catalogue
    treat_as  property that is asked → property taken for it
    """

    passed: tuple[Program, ...]
    found: tuple[Recognition, ...]
    saved: Avoided | None
    treat_as: Mapping[str, str]


def recognition_of(
    passed_words: Sequence[str], asked_words: Sequence[str], asking: Asking, *, asked_in: str | None, passed_in: str | None,
    passed_on: date | None = None, tell: Tell | None = None,
) -> Recognised:  # fmt: skip
    """What remains to be shown of what is asked, for whoever passed these.

    asked_words   none: all that is in force in the region `asked_in` on the subjects of what was passed
    tell          is told how many of the standards asked are done
    raises        Refused: recognise-nothing-asked, recognise-subjects, what the standards, records and tests have
    """
    passed = programs(asking.shelf, passed_words, passed_on)
    where, come_from = asking.code(asked_in), asking.code(passed_in)
    subjects = [asking.subject] if asking.subject else [p.standard.subject[0] for p in passed]
    asked = programs(asking.shelf, asked_words, as_of(asking.on)) if asked_words else asking.in_force(where, subjects) if where else []
    if not asked:
        raise Refused([Diagnostic("recognise-nothing-asked", None)])
    question = asking.question([*passed, *asked])
    found = []
    for n, each in enumerate(asked):
        if tell is not None:
            tell(n, len(asked))
        found.append(recognition(passed, each, question, region=where or "", rule=asking.binding(each, passed, where, come_from)))
    saved = None if asking.catalogue is None else avoided(found, where or found[0].region, asking.catalogue, asking.regions,
                                                          asking.shelf.dictionary)  # fmt: skip
    return Recognised(tuple(passed), tuple(found), saved, question.treat_as)


def recognised(
    passed_words: list[str], asked_words: list[str], asking: Asking, *, asked_in: str | None, passed_in: str | None, passed_on: str | None,
    record: Path | None, witness: str | None,
) -> Exit:  # fmt: skip
    """Prints what remains to be shown of what is asked; gives the exit code."""
    with refusals(asking.texts):
        with progress(say("逐条证明", "proving")) as tell:
            made = recognition_of(
                passed_words, asked_words, asking, asked_in=asked_in, passed_in=passed_in, passed_on=as_of(passed_on), tell=tell
            )
        passed, found, saved = made.passed, made.found, made.saved
        own = {id(each): _measured(asking.shelf, each.program, record) for each in found} if record else {}
        chosen = [(each, _chosen(each, witness)) for each in found] if witness else []
        if chosen and not any(finding for _, finding in chosen):
            known = [f.no for each in found for f in each.findings]
            facts = {"no": witness or "", "standard": ", ".join(e.program.standard.number for e in found)}
            raise Refused([Diagnostic("recognition-clause", None, {**facts, **did_you_mean(witness or "", known)})])
    if asking.as_json:
        print(json.dumps(recognised_json(made, asking), ensure_ascii=False, indent=1))
        return exit_of(found)
    for each in found:
        show_recognition(passed, each, asking, own.get(id(each)))
    for asked_for, used in made.treat_as.items():
        assumed = say(f"! 假定：以「{used}」的数值代替「{asked_for}」", f"! assumed: the value of {used} stands for {asked_for}")
        console().print(assumed, style="yellow")
    for _, finding in chosen:
        held = witness_of(finding.answer) if finding else None
        if finding is not None and held is not None:
            show_witness(finding.no, held)
    if saved is not None:
        show_avoided([saved], asking)
    return exit_of(found)


def _chosen(found: Recognition, no: str) -> Finding | None:
    return next((f for f in found.findings if f.no == no), None)


def _measured(shelf: Shelf, program: Program, record: Path) -> Evaluation:
    """One product judged by what is asked, from what is known of it; names this standard does not ask are another's."""
    problems = Problems()
    raw = read(load(record, problems).root, MapOf("tree"), problems) or {}
    own = {name for i in program.inputs.values() for name in (i.name, i.is_, i.name.split("@")[0])}
    given = {name: plain(value) for name, (_, value) in raw.items() if name in own}
    admitted = admit(program.inputs, given, problems, dictionary=shelf.dictionary)
    problems.refuse_errors()
    return evaluate(program, admitted)


def exit_of(found: Sequence[Recognition]) -> Exit:
    """What a script is told: something remains or is a barrier; something is not known; nothing remains."""
    unclear = (Standing.REPEAT, Standing.UNKNOWN)
    left = [f.standing for each in found for f in each.remaining]
    if any(standing not in unclear for standing in left) or any(each.barriers for each in found):
        return Exit.FAILS
    return Exit.UNDETERMINED if left else Exit.OK


# printing


def marked(program: Program) -> str:
    """The number of a standard, and that it is illustrative where it rests on anything made up."""
    made_up = weakest_evidence(program) == "illustrative"
    return program.standard.number + (say("（示意）", " (illustrative)") if made_up else "")


def show_recognition(passed: Sequence[Program], found: Recognition, asking: Asking, own: Evaluation | None) -> None:
    """One standard that is asked, clause by clause, and what it comes to."""
    names = say("、", ", ").join(marked(p) for p in passed)
    place = asking.title(found.region)
    title = say(f"通过 {names} 之后，{place} {marked(found.program)} 还要什么", f"passed {names}: what {place} still asks by {marked(found.program)}")
    header = [say("条款", "clause"), say("内容", "what"), say("结论", "standing"), say("依据与说明", "why")]
    rows = [[f.no, f.title.text(language()) + ("" if f.must else say("（宜）", " (should)")), standing_word(f), why(f, len(passed) > 1)]
            for f in found.findings]  # fmt: skip
    if own is not None:
        header.insert(3, say("本产品", "this product"))
        for row, f in zip(rows, found.findings, strict=True):
            verdict = own.judge(f.asked.meaning)
            row.insert(3, f"{MARKS[verdict]} {WORDS[verdict][language()]}")
    table(title, header, rows)
    if found.rule is not None:
        _show_rule(found, found.rule)
    console().print(summary_line(found))
    grades = say("，", ", ").join(f"{p.standard.number} {weakest_evidence(p)}" for p in (*passed, found.program))
    console().print(say("最弱证据：", "weakest evidence: ") + grades, style="dim", markup=False)


def standing_word(f: Finding) -> str:
    mark, zh, en = STANDINGS[f.standing]
    by_rule = say("（规则）", " (rule)") if f.ground == "rule" else ""
    return f"{mark} {say(zh, en)}{by_rule}"


def why(f: Finding, several: bool) -> str:
    """On what a finding rests, in few words."""
    if f.barrier is not None:
        return f.barrier.text(language())
    if f.entry is not None:
        words = ("当地可附加：", "may be added here: ") if f.entry.kind == "extra" else ("属于当地：", "of the place: ")
        return say(*words) + f.entry.title.text(language())
    by = say("、", ", ").join(f"{n.standard} {n.no}" if several else n.no for n in f.by)
    match f.answer:
        case NotComparable(reason) | Unknown(reason):
            return reason.text(language())
        case Refuted(witness=witness):
            shown = next((c for c in explain(witness.evaluations[-1], language()).clauses if c.no == f.no), None) if witness else None
            real = say(f"真实记录 {witness.real}：", f"the real record {witness.real}: ") if witness and witness.real else ""
            return real + ((shown.put_in or shown.note) if shown else "") + (say(f"（对 {by}）", f" (against {by})") if by else "")
    if f.standing is Standing.OUTSIDE:
        return say("通过者都不在它的适用范围内", "it applies to nothing that passed")
    return say("证明：", "proof: ") + (by or say("总是满足", "always met"))


def _show_rule(found: Recognition, rule: Rule) -> None:
    first, *rest = rule_lines(found, rule)
    console().print(first, style="dim")
    for said in rest:
        console().print(said, style="yellow")


def rule_lines(found: Recognition, rule: Rule) -> list[str]:
    """Which rule binds, how well it is known, and whether what is asked is older than it."""
    text = say(f"规则 {rule.name}：{rule.standard} 第 {rule.article} 条，自 {rule.since}；{rule.title.zh}",
               f"rule {rule.name}: {rule.standard} article {rule.article}, since {rule.since}; {rule.title.en}")  # fmt: skip
    said = [text]
    for grade in sorted({rule.grade(f.entry) for f in found.findings if f.entry} - {"A"}):
        whys = [s.why.text(language()) for s in rule.sources.values() if s.grade == grade and s.why]
        said.append(say(f"! 规则的一部分等级为 {grade}：", f"! part of the rule is of grade {grade}: ") + "; ".join(whys))
    standard = found.program.standard
    issued = standard.effective or standard.published
    if standard.status in GONE or (issued is not None and issued < rule.since):
        early = say("早于规则，或已不再有效：这里说明规则如何看待这样的条款",
                    "is older than the rule, or no longer in force: this shows what the rule makes of such clauses")  # fmt: skip
        said.append(f"! {standard.number} {early}")
    return said


def summary_line(found: Recognition) -> str:
    """How many clauses are recognised, by what, and how many are not."""
    counts = {s: sum(f.must and f.standing is s for f in found.findings) for s in Standing}
    proved = sum(f.must and f.standing is Standing.RECOGNISED and f.ground == "proof" for f in found.findings)
    by_rule = counts[Standing.RECOGNISED] - proved
    parts = [say(f"认可 {counts[Standing.RECOGNISED]}（证明 {proved}，规则 {by_rule}）",
                 f"recognised {counts[Standing.RECOGNISED]} (by proof {proved}, by rule {by_rule})")]  # fmt: skip
    parts += [f"{say(zh, en)} {counts[s]}" for s, (_, zh, en) in STANDINGS.items() if s is not Standing.RECOGNISED and counts[s]]
    again = sum(f.standing is Standing.RECOGNISED for f in found.barriers)
    parts += [say(f"不得重复要求 {again}", f"not to be asked again {again}")] if again else []
    if found.apart:
        parts.append(say("两者没有共同的对象", "nothing is under both"))
    return say("，", ", ").join(parts)


def show_avoided(found: Sequence[Avoided], asking: Asking) -> None:
    """What recognition saves, region by region."""
    told = avoided_table(found, asking)
    table(told.title, told.header, told.rows, right=told.right)
    for said in avoided_lines(found, asking):
        console().print(said, style="yellow")


def avoided_table(found: Sequence[Avoided], asking: Asking) -> Table:
    """What is tested where everything is done again and once it is recognised, and the difference; region by region."""
    assert asking.catalogue is not None, "shown only where there is a catalogue"
    made_up = say("（示意：费用与时间为虚构）", " (illustrative: costs and days are made up)") if asking.catalogue.illustrative else ""
    header = [say("地区", "region"), say("全部重做", "everything again"), say("互认之后", "once recognised"), say("免去试验", "tests avoided"),
              say("免去费用", "cost avoided"), say("免去天数", "days avoided"), say("仍重复", "still repeated")]  # fmt: skip
    rows = [(asking.title(a.region), _money(a.everything.cost), _money(a.remaining.cost), str(a.tests), _money(a.cost), decimal_text(a.days),
             _money(a.repeated.cost)) for a in found]  # fmt: skip
    return Table(say("互认免去的试验", "tests that recognition avoids") + made_up, tuple(header), list(rows), (1, 2, 3, 4, 5, 6))


def avoided_lines(found: Sequence[Avoided], asking: Asking) -> list[str]:
    """What no test shows and is not counted, and what is not proved to be the cheapest."""
    said = []
    for a in found:
        names = [n.need.no for n in a.everything.unserved]
        if names:
            unshown = say("、", ", ").join(dict.fromkeys(names))
            said.append(say(f"! {asking.title(a.region)}：目录中没有试验能证明 {unshown}，未计入",
                            f"! {asking.title(a.region)}: no test of the catalogue shows {unshown}; not counted"))  # fmt: skip
        if not a.certain:
            said.append(say("! 未证到最省，费用为上界", "! not proved to be the cheapest; costs may be too high"))
    return said


def _money(amount: Any) -> str:
    return f"{decimal_text(amount)} {say('元', 'yuan')}"


# JSON


def recognised_json(made: Recognised, asking: Asking) -> dict[str, Any]:
    """What was passed, every clause that is asked, and the tests avoided; for programs."""
    held: dict[str, Any] = {"passed": [cited(p) for p in made.passed], "assumed": dict(made.treat_as),
                            "asked": [recognition_json(each) for each in made.found]}  # fmt: skip
    return held if made.saved is None else held | {"avoided": avoided_json(made.saved, asking)}


def cited(p: Program) -> dict[str, Any]:
    return {"number": p.standard.number, "on": str(p.on), "content": p.content_hash, "illustrative": weakest_evidence(p) == "illustrative"}


def recognition_json(found: Recognition) -> dict[str, Any]:
    return {
        **cited(found.program), "region": found.region, "rule": found.rule.name if found.rule else None, "whole": answer_json(found.whole),
        "remaining": [f.no for f in found.remaining], "barriers": [f.no for f in found.barriers],
        "clauses": [_finding_json(f, found.rule) for f in found.findings],
    }  # fmt: skip


def _finding_json(f: Finding, rule: Rule | None) -> dict[str, Any]:
    held: dict[str, Any] = {"no": f.no, "title": {"zh": f.title.zh, "en": f.title.en}, "must": f.must, "standing": f.standing.value,
                            "ground": f.ground, "by": [[n.standard, n.no] for n in f.by], **answer_json(f.answer)}  # fmt: skip
    if f.entry is not None and rule is not None:
        held["entry"] = {"zh": f.entry.title.zh, "en": f.entry.title.en, "kind": f.entry.kind, "grade": rule.grade(f.entry)}
    if f.barrier is not None:
        held["barrier"] = {"zh": f.barrier.zh, "en": f.barrier.en}
    return held


def avoided_json(a: Avoided, asking: Asking) -> dict[str, Any]:
    illustrative = asking.catalogue is not None and asking.catalogue.illustrative
    return {"region": a.region, "illustrative": illustrative, "tests": a.tests, "cost": decimal_text(a.cost), "days": decimal_text(a.days),
            "everything": _plan_json(a.everything), "remaining": _plan_json(a.remaining), "repeated": _plan_json(a.repeated)}  # fmt: skip


def _plan_json(made: Any) -> dict[str, Any]:
    return {"cost": decimal_text(made.cost), "tests": [s.offer.id for s in made.steps], "proof": made.proof,
            "unserved": [u.need.no for u in made.unserved]}  # fmt: skip
