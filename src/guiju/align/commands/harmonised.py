"""What `guiju align harmonise` and `guiju align roadmap` do: a proposal, who must change what, the way there; printed, written, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from guiju.align.document import Head
from guiju.align.harmonise import STRATEGIES, Choice, Proposal, Strategy, choose, propose
from guiju.align.impact import KINDS, Affected, Change, Products, Target, changes_to, judged
from guiju.align.pool import Clauses, Pool, Row, pool_of
from guiju.align.requirements import asks
from guiju.align.roadmap import Order, Roadmap, Step, roadmap
from guiju.align.side import sides_of
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.answering import mark, treated
from guiju.cli.console import Exit, console, language, progress, refusals, say, show, table, written
from guiju.ir.program import Program
from guiju.readings.smt.answers import Answer, Proved, Refuted
from guiju.records.bulk import mapping_of, programs
from guiju.records.mapping import About
from guiju.records.read import read_table
from guiju.report.proved import ANSWERS
from guiju.standard.form import LEVELS
from guiju.standard.model import Title
from guiju.standard.regions import load_regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

EXTRA = ("keep", "add", "drop")


@dataclass(frozen=True)
class Asked:
    """What both commands are given: the pool, the products, and which standard is the baseline."""

    shelf: Shelf
    pool: Pool
    products: Products | None
    baseline: int
    about: About | None

    def label(self, at: int) -> str:
        return self.pool.made.voices[at].label.text(language())


def harmonised(
    words: list[str], *, strategy: str, baseline: str | None, extra: str, number: str | None, level: str | None, region: str | None,
    subject: str | None, on: str | None, treat_as: Sequence[str], any_method: bool, records: Path | None, mapping: Path | None, out: Path | None,
    top: int, as_json: bool,
) -> Exit:  # fmt: skip
    """Prints a proposal; writes it where asked; gives the exit code."""
    with refusals():
        _known(strategy, [*STRATEGIES], "--strategy")
        _known(extra, EXTRA, "--extra")
        _known(level or LEVELS[0], LEVELS, "--level")
        rule: Strategy = next(s for s in STRATEGIES if s == strategy)
        _free(out)
        asked = _asked(words, None, baseline, subject, on, treat_as, any_method, records, mapping)
        based = asked.pool.standards[asked.baseline].standard
        head = _head(asked, rule, number or say(f"协调提案-{strategy}", f"HARMONISED-{strategy}"), level or based.level, region or based.region)
        choices = choose(asked.pool, rule, asked.baseline, extra, asked.products.failing if asked.products else None)
        proposal = propose(asked.pool, rule, asked.baseline, choices, head, asked.shelf)
        changes = changes_to(asked.pool, _targets(proposal), range(len(asked.pool.standards)), asked.products)
        if out is not None:
            _write(out, proposal)
    if as_json:
        print(json.dumps(_json(asked, proposal, changes), ensure_ascii=False, indent=1))
    else:
        _show(asked, proposal, changes, top)
        if out is not None:
            written(out)
    sound = all(isinstance(a, Proved) for *_, a in proposal.proofs) and proposal.specimens.satisfiable is True
    return Exit.OK if sound and not any(c.outcome == "open" for c in proposal.choices) else Exit.FAILS


def mapped_out(
    words: list[str], to: str, *, baseline: str | None, order: str, together: bool, subject: str | None, on: str | None, treat_as: Sequence[str],
    any_method: bool, records: Path | None, mapping: Path | None, as_json: bool,
) -> Exit:  # fmt: skip
    """Prints the steps to a proposal; gives the exit code."""
    with refusals():
        _known(order, get_args(Order), "--order")
        by: Order = next(o for o in get_args(Order) if o == order)
        asked = _asked(words, to, baseline, subject, on, treat_as, any_method, records, mapping)
        made = roadmap(asked.pool, len(asked.pool.standards) - 1, asked.baseline, by, asked.products, together)
    if as_json:
        print(json.dumps(_roadmap_json(asked, made), ensure_ascii=False, indent=1))
    else:
        _show_roadmap(asked, made)
    sound = all(not isinstance(s.satisfiable, Refuted) and not s.below for s in made.steps)
    return Exit.OK if sound and isinstance(made.end, Proved) else Exit.FAILS


# what is given


def _known(word: str, known: Sequence[str], option: str) -> None:
    if word not in known:
        near = did_you_mean(word, known, listed=True)
        raise Refused([Diagnostic("unknown-word", None, {"word": f"{option} {word}", "known": ", ".join(known), **near})])


def _free(out: Path | None) -> None:
    there = [] if out is None else [out / name for name in FILES if (out / name).exists()]
    if there:
        raise Refused([Diagnostic("file-exists", None, {"file": str(path)}) for path in there])


def _asked(
    words: list[str], to: str | None, baseline: str | None, subject: str | None, on: str | None, treat_as: Sequence[str], any_method: bool,
    records: Path | None, mapping: Path | None,
) -> Asked:  # fmt: skip
    shelf = Shelf()
    used = treated(shelf, treat_as)
    found = _standards(shelf, words, subject, as_of(on), to)
    labels = [Title(p.standard.number, p.standard.number) for p in found]
    head = Head("pool", Title("全部条款", "all clauses"), "group", "CN", found[0].on, Title("供比较", "to be compared"))
    pool = pool_of(list(zip(found, labels, strict=True)), head, shelf, treat_as=used, any_method=any_method)
    at = _baseline(shelf, found, baseline)
    products, about = None, None
    if records is not None:
        import duckdb

        connection = duckdb.connect()
        with progress(say("读取与判定", "reading and judging")) as tell:
            source = read_table(records, connection, "records", progress=tell)
            columns, suggestion = mapping_of(shelf, [pool.program], source, mapping)
            products, about = judged(pool, connection, source, columns), columns.about
        show([*source.diagnostics, *(suggestion.diagnostics if suggestion else ())])
    return Asked(shelf, pool, products, at, about)


def _standards(shelf: Shelf, words: list[str], subject: str | None, on: date | None, to: str | None) -> list[Program]:
    """The programs of standards and regions, as corrected, all of one date: that asked for, else the last they declare; the proposal last."""
    regions = load_regions()

    def opened(day: date | None) -> list[Program]:
        held = [p for side in sides_of(shelf, regions, words, subject, day, corrected=True) for p in side.programs]
        return [*held, *(programs(shelf, [to], day, corrected=True) if to else [])]

    found = opened(on)
    declared = [p.standard.effective or p.standard.published for p in found]
    return found if on is not None else opened(max((day for day in declared if day), default=max((p.on for p in found), default=None)))


def _baseline(shelf: Shelf, found: Sequence[Program], word: str | None) -> int:
    numbers = [p.standard.number for p in found]
    if word is None:
        return next((at for at, p in enumerate(found) if p.standard.level == "national"), 0)
    named = programs(shelf, [word], None)[0].standard.number
    if named not in numbers:
        raise Refused([Diagnostic("harmonise-baseline", None, {"name": named, "known": "、".join(numbers)})])
    return numbers.index(named)


def _head(asked: Asked, strategy: Strategy, number: str, level: str, region: str) -> Head:
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


def _targets(proposal: Proposal) -> list[Target]:
    kinds: Mapping[str, Any] = {"open": "open", "regional": "stays"}
    return [Target(c.row, None if c.outcome in kinds else c.clauses, kinds.get(c.outcome, "stays")) for c in proposal.choices]


# writing

FILES = ("standard.yaml", "examples.yaml", "SOURCE.md")


def _write(folder: Path, proposal: Proposal) -> None:
    """raises   Refused: file-exists, file-unwritable"""
    texts = dict(zip(FILES, (proposal.text, proposal.examples, source_page(proposal)), strict=True))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            if text is not None:
                with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(folder), "reason": error.strerror or str(error)})]) from None


def source_page(proposal: Proposal) -> str:
    """Where every clause of a proposal comes from, and whether it was proved to give the same verdicts."""
    standard = proposal.made.program.standard
    words = {kind: (zh, en) for kind, (_, _, zh, en) in ANSWERS.items()}
    derived = standard.sources["d1"].why
    lines = [f"# {standard.number}", "", derived.zh if derived else "", "", derived.en if derived else "", "",
             "| 条款 clause | 取自 from | 判定相同 same verdicts |", "| --- | --- | --- |"]  # fmt: skip
    lines += [f"| {no} | {origin.zh} | {' '.join(words[type(answer)])} |" for no, origin, answer in proposal.proofs]
    return "\n".join(lines) + "\n"


# printing


def _show(asked: Asked, proposal: Proposal, changes: Sequence[Change], top: int) -> None:
    pool = asked.pool
    table(
        f"{proposal.made.program.standard.number}  {STRATEGIES[proposal.strategy].text(language())}",
        (say("要求", "requirement"), say("取自", "from"), say("内容", "asks"), say("理由", "why")), list(_choice_rows(pool, proposal)),
    )  # fmt: skip
    for each in proposal.pool.refused:
        reason = each.reason.text(language())
        console().print(say(f"! {asked.label(each.wanted.voice)} {each.wanted.no} 未能比较：{reason}",
                            f"! {asked.label(each.wanted.voice)} {each.wanted.no} could not be brought in: {reason}"), style="yellow")  # fmt: skip
    for no, answer in pool.doubtful:
        named = _at(pool, *pool.origin(no))
        console().print(say(f"! 未能证明 {named} 在比较中与原文判定相同：{mark(answer)}",
                            f"! {named} is not proved to judge here as in its own standard: {mark(answer)}"), style="yellow")  # fmt: skip
    for used_for, used in pool.made.treat_as.items():
        console().print(say(f"! 假定：以「{used}」的数值代替「{used_for}」", f"! assumed: the value of {used} stands for {used_for}"), style="yellow")
    _show_changes(asked, changes, top)
    proved = sum(isinstance(answer, Proved) for *_, answer in proposal.proofs)
    shown, clauses = len(proposal.specimens.found), len(proposal.made.program.standard.authored.clauses)
    console().print(say(
        f"提案 {clauses} 条，判定与来源相同的证明 {proved}/{len(proposal.proofs)}；算例 {shown} 个，均经精确判定",
        f"the proposal has {clauses} clauses; proved to judge as what they come from: {proved} of {len(proposal.proofs)}; "
        f"{shown} examples, judged by the exact reading",
    ))  # fmt: skip
    if proposal.specimens.satisfiable is not True:
        console().print(say("? 未能找到全部符合的记录", "? no record that passes all of it was found"), style="yellow")


def _choice_rows(pool: Pool, proposal: Proposal) -> Iterable[tuple[str, ...]]:
    """One line for all scenarios in which the same is asked and chosen."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for c in proposal.choices:
        cited = _cited(pool, c.clauses or c.conflict)
        text = "; ".join(dict.fromkeys(_asks(pool, no) for no in c.clauses))
        key = (_property(pool, c.row) + _should(c.row), (c.clauses and cited) or _outcome(c, cited), text, _why(c))
        found.setdefault(key, []).append(c.row)
    for (name, origin, text, reason), rows in found.items():
        yield name + _scenarios(rows), origin, text, reason


def _outcome(choice: Choice, cited: str) -> str:
    words = {"open": say("? 待协商", "? open"), "regional": say("– 各地保留", "– stays regional"), "dropped": say("– 取消", "– dropped")}
    return words.get(choice.outcome, "") + (f" {cited}" if cited else "")


def _why(choice: Choice) -> str:
    reason = choice.why.text(language())
    if choice.row.mended:
        reason += say("；有疑误之文，按勘正后的读法", "; a text believed wrong is taken as corrected")
    if choice.products is not None:
        fails, unknown = choice.products
        reason += say(f"；不合格 {fails}，未定 {unknown}", f"; {fails} products fail, {unknown} undetermined")
    return reason


def _should(row: Row) -> str:
    return "" if row.strength == "shall" else say("（推荐）", " (recommended)")


def _property(pool: Pool, row: Row) -> str:
    """What a row is about, without its scenario."""
    held = [pool.follower.space.quantities[key].input for key in row.about]
    authored = pool.program.standard.authored.inputs
    return ", ".join(dict.fromkeys(authored[i.authored_name].title(language()) if i.authored_name in authored else i.title(language()) for i in held))


def _scenarios(rows: Sequence[Row]) -> str:
    names = [row.about[0].partition("@")[2] for row in rows if "@" in row.about[0]]
    return f" @{', '.join(names)}" if names else ""


def _asks(pool: Pool, no: str) -> str:
    voice, own = pool.origin(no)
    program = pool.made.voices[voice].program
    return asks(program, next(c for c in program.clauses if c.no == own), language())


def _cited(pool: Pool, clauses: Clauses) -> str:
    """Clauses as they are cited: each standard once, scenarios left out."""
    found: dict[int, list[str]] = {}
    for voice, own in map(pool.origin, clauses):
        found.setdefault(voice, []).append(own.partition("@")[0])
    return say("；", "; ").join(f"{pool.made.voices[at].label.text(language())} {', '.join(dict.fromkeys(nos))}" for at, nos in found.items())


def _show_changes(asked: Asked, changes: Sequence[Change], top: int) -> None:
    """One line for all standards and scenarios in which the same is changed."""
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for c in changes:
        if c.is_work or c.kind == "open":
            touched = _products(c) if asked.products is not None else ""
            key = _property(asked.pool, c.row) + _should(c.row), _kind(c), _texts(asked.pool, c.old), _texts(asked.pool, c.new), touched
            grouped.setdefault(key, []).append(c)
    joined: dict[tuple[str, ...], list[str]] = {}
    for (name, *said), group in grouped.items():
        for at in dict.fromkeys(c.standard for c in group):
            where = _scenarios([c.row for c in group if c.standard == at])
            joined.setdefault((name + where, *said), []).append(asked.label(at))
    rows = [(name, say("、", ", ").join(who), kind, old or "–", new or "–", touched) for (name, kind, old, new, touched), who in joined.items()]
    words = (("要求", "requirement"), ("标准", "standard"), ("改动", "change"), ("现在", "now"), ("提案", "proposed"), ("产品", "products"))
    header = [say(*word) for word in words]
    shown = len(header) if asked.products is not None else len(header) - 1
    table(say("谁要改什么", "who must change what"), header[:shown], [row[:shown] for row in rows])
    if asked.products is not None:
        _show_products(asked, changes, top)


def _kind(change: Change) -> str:
    words = KINDS[change.kind].text(language())
    if not change.mends:
        return words
    return say("勘正", "mends") if change.kind == "keeps" else say(f"勘正并{words}", f"mends, {words}")


def _texts(pool: Pool, clauses: Clauses) -> str:
    return "; ".join(dict.fromkeys(_asks(pool, no) for no in clauses))


def _products(change: Change) -> str:
    a = change.affected
    return "–" if a is None else f"−{a.fail} +{a.passes} ?{a.undetermined}"


def _show_products(asked: Asked, changes: Sequence[Change], top: int) -> None:
    """For each standard, what becomes of the products when it asks what is proposed."""
    assert asked.products is not None
    rows = []
    for at in sorted({c.standard for c in changes}):
        found = overall(asked.products, asked.pool, changes, at)
        rows.append((asked.label(at), str(found.fail), str(found.passes), str(found.undetermined), ", ".join(found.failing[:top])))
    words = (("标准", "standard"), ("新不合格", "newly fail"), ("新合格", "newly pass"), ("未定", "undetermined"), ("例如", "such as"))
    count = asked.products.count
    title = say(f"受影响的产品（共 {count} 个；− 新不合格，+ 新合格，? 未定）",
                f"products affected ({count} in all; − newly fail, + newly pass, ? undetermined)")  # fmt: skip
    table(title, [say(*word) for word in words], rows, right=(1, 2, 3))
    _show_about(asked)


def _show_about(asked: Asked) -> None:
    """Whose the products are, and what is assumed of them."""
    if asked.about is not None:
        for said in (asked.about.title.text(language()), asked.about.terms, *(f"! {note.text(language())}" for note in asked.about.notes)):
            console().print(said, style="dim")


def overall(products: Products, pool: Pool, changes: Sequence[Change], at: int) -> Affected:
    """Products whose verdict by all of one standard changes."""
    own = [c for c in changes if c.standard == at and c.row.strength == "shall"]
    held = tuple(no for c in own for no in c.old)
    return products.affected(held, tuple(no for c in own for no in (c.new if c.is_work else c.old)))


def _show_roadmap(asked: Asked, made: Roadmap) -> None:
    pool = asked.pool
    words = (("步", "step"), ("标准", "standard"), ("改动", "change"), ("最早", "earliest"), ("产品", "products"), ("此后", "after it"))
    rows = []
    for n, step in enumerate(made.steps, 1):
        day = step.earliest.isoformat() if step.earliest else "–"
        rows.append((str(n), asked.label(step.standard), _steps_text(pool, step), day, _step_products(step), _after(pool, step, made)))
    table(say("路线图", "roadmap"), [say(*word) for word in words], rows, right=(0,))
    if made.start:
        names = ", ".join(_property(pool, row) + _scenarios([row]) for row in made.start)
        console().print(say(f"开始时不能同时满足：{names}", f"cannot be met together at the start: {names}"))
    for c in made.stays:
        console().print(say(f"– {asked.label(c.standard)} 保留：{_property(pool, c.row)}{_scenarios([c.row])} {_texts(pool, c.old)}",
                            f"– {asked.label(c.standard)} keeps: {_property(pool, c.row)}{_scenarios([c.row])} {_texts(pool, c.old)}"))  # fmt: skip
    _show_about(asked)
    console().print(say(f"终点与目标相同：{mark(made.end)}", f"the end asks what is proposed: {mark(made.end)}"))


def _steps_text(pool: Pool, step: Step) -> str:
    found: dict[tuple[str, ...], list[Row]] = {}
    for c in step.changes:
        found.setdefault((_kind(c), _property(pool, c.row), _texts(pool, c.old) or "–", _texts(pool, c.new) or "–"), []).append(c.row)
    return "\n".join(f"{kind} {name}{_scenarios(rows)}: {old} → {new}" for (kind, name, old, new), rows in found.items())


def _step_products(step: Step) -> str:
    if step.affected is None:
        return "–"
    return f"−{step.affected[0]} +{step.affected[1]}" + say(f"，累计 {step.cumulative}", f", so far {step.cumulative}")


def _after(pool: Pool, step: Step, made: Roadmap) -> str:
    said = []
    if isinstance(step.satisfiable, Refuted):
        said.append(say("✗ 没有产品能满足", "✗ nothing can meet it"))
    if step.below:
        said.append(say("✗ 低于基准：", "✗ below the baseline: ") + ", ".join(_property(pool, row) for row in step.below))
    if made.start:
        said.append(say(f"相互冲突 {len(step.conflicts)} 项", f"{len(step.conflicts)} in conflict"))
    return "; ".join(said) or say("✓ 稳妥", "✓ sound")


# JSON


def _json(asked: Asked, proposal: Proposal, changes: Sequence[Change]) -> dict[str, Any]:
    pool, made = asked.pool, proposal.made
    standard = made.program.standard
    return {
        "number": standard.number, "strategy": proposal.strategy, "on": made.program.on.isoformat(), "evidence": "C",
        "derived": {"zh": "由程序合成，未经审查", "en": "put together by a program, not reviewed"}, "assumed": dict(pool.made.treat_as),
        "standards": [p.standard.number for p in pool.standards], "baseline": pool.standards[asked.baseline].standard.number,
        "rows": [_choice_json(pool, proposal, c) for c in proposal.choices],
        "clauses": [{"no": no, "from": origin.zh, "same_verdicts": _answer(answer)} for no, origin, answer in proposal.proofs],
        "changes": [_change_json(asked, c) for c in changes],
        "not_comparable": [{"clause": _at(pool, r.wanted.voice, r.wanted.no), "zh": r.reason.zh, "en": r.reason.en} for r in pool.refused],
        "not_proved_equal": [{"clause": _at(pool, *pool.origin(no)), "answer": _answer(answer)} for no, answer in pool.doubtful],
        "satisfiable": proposal.specimens.satisfiable, "without_failing_example": list(proposal.specimens.without),
        "products": None if asked.products is None else {
            "count": asked.products.count, "notes": [{"zh": n.zh, "en": n.en} for n in asked.about.notes] if asked.about else [],
            "by_standard": {asked.label(at): _affected_json(overall(asked.products, pool, changes, at))
                            for at in sorted({c.standard for c in changes})}},
        "standard_yaml": proposal.text, "examples_yaml": proposal.examples,
    }  # fmt: skip


def _choice_json(pool: Pool, proposal: Proposal, c: Choice) -> dict[str, Any]:
    return {
        "about": list(c.row.about), "zh": pool.title(c.row).zh, "en": pool.title(c.row).en, "strength": c.row.strength, "outcome": c.outcome,
        "asked": {pool.standards[at].standard.number: [pool.origin(no)[1] for no in nos] for at, nos in c.row.meant.items()},
        "misstated": [pool.standards[at].standard.number for at in sorted(c.row.mended)],
        "clauses": [{"from": _at(pool, *pool.origin(no)), "no": proposal.number_of(no), "asks": _asks(pool, no)} for no in c.clauses],
        "conflict": [_at(pool, *pool.origin(no)) for no in c.conflict], "why": {"zh": c.why.zh, "en": c.why.en},
        "products": None if c.products is None else {"fail": c.products[0], "undetermined": c.products[1]},
    }  # fmt: skip


def _change_json(asked: Asked, c: Change) -> dict[str, Any]:
    pool = asked.pool
    return {
        "standard": pool.standards[c.standard].standard.number, "about": list(c.row.about), "strength": c.row.strength,
        "change": c.kind, "mends": c.mends,
        "old": [{"from": _at(pool, *pool.origin(no)), "asks": _asks(pool, no)} for no in c.old],
        "new": [{"from": _at(pool, *pool.origin(no)), "asks": _asks(pool, no)} for no in c.new],
        "products": None if c.affected is None else _affected_json(c.affected),
    }  # fmt: skip


def _affected_json(a: Affected) -> dict[str, Any]:
    return {"newly_fail": a.fail, "newly_pass": a.passes, "undetermined": a.undetermined, "failing": list(a.failing), "passing": list(a.passing)}


def _roadmap_json(asked: Asked, made: Roadmap) -> dict[str, Any]:
    return {
        "standards": [p.standard.number for p in asked.pool.standards[:-1]], "to": asked.pool.standards[-1].standard.number,
        "baseline": asked.pool.standards[asked.baseline].standard.number, "assumed": dict(asked.pool.made.treat_as),
        "steps": [{
            "standard": asked.pool.standards[s.standard].standard.number, "changes": [_change_json(asked, c) for c in s.changes],
            "earliest": s.earliest and s.earliest.isoformat(),
            "products": None if s.affected is None else {"newly_fail": s.affected[0], "newly_pass": s.affected[1], "cumulative": s.cumulative},
            "satisfiable": _answer(s.satisfiable), "in_conflict": [list(row.about) for row in s.conflicts],
            "below_baseline": [list(row.about) for row in s.below],
        } for s in made.steps],
        "in_conflict_at_the_start": [list(row.about) for row in made.start], "stays": [_change_json(asked, c) for c in made.stays],
        "end_is_the_proposal": _answer(made.end),
    }  # fmt: skip


def _at(pool: Pool, voice: int, no: str) -> str:
    return f"{pool.made.voices[voice].label.zh} {no}"


def _answer(answer: Answer) -> str:
    return ANSWERS[type(answer)][1]

