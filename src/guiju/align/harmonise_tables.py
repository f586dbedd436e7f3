"""Harmonise, in tables: what is proposed and why, who must change what, which products that touches, and the way there; in the language spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guiju.align.harmonise import STRATEGIES, Choice, Proposal
from guiju.align.harmonising import Asked
from guiju.align.impact import KINDS, Affected, Change, Products
from guiju.align.plan_page import Table
from guiju.align.pool import Clauses, Pool, Row
from guiju.align.requirements import asks
from guiju.align.roadmap import Roadmap, Step
from guiju.cli.answering import mark
from guiju.cli.console import language, say
from guiju.readings.smt.answers import Proved, Refuted


def choices_table(pool: Pool, proposal: Proposal) -> Table:
    """Of every requirement, whose clause is taken and why."""
    header = (say("要求", "requirement"), say("取自", "from"), say("内容", "asks"), say("理由", "why"))
    title = f"{proposal.made.program.standard.number}  {STRATEGIES[proposal.strategy].text(language())}"
    return Table(title, header, list(_choice_rows(pool, proposal)))


def changes_table(asked: Asked, changes: Sequence[Change]) -> Table:
    """Who must change what: one line for all standards and scenarios in which the same is changed."""
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for c in changes:
        if c.is_work or c.kind == "open":
            touched = _products(c) if asked.products is not None else ""
            key = property_text(asked.pool, c.row) + _should(c.row), _kind(c), texts(asked.pool, c.old), texts(asked.pool, c.new), touched
            grouped.setdefault(key, []).append(c)
    joined: dict[tuple[str, ...], list[str]] = {}
    for (name, *said), group in grouped.items():
        for at in dict.fromkeys(c.standard for c in group):
            where = scenarios([c.row for c in group if c.standard == at])
            joined.setdefault((name + where, *said), []).append(asked.label(at))
    rows = [(name, say("、", ", ").join(who), kind, old or "–", new or "–", touched) for (name, kind, old, new, touched), who in joined.items()]
    words = (("要求", "requirement"), ("标准", "standard"), ("改动", "change"), ("现在", "now"), ("提案", "proposed"), ("产品", "products"))
    header = tuple(say(*word) for word in words)
    shown = len(header) if asked.products is not None else len(header) - 1
    return Table(say("谁要改什么", "who must change what"), header[:shown], [row[:shown] for row in rows])


def products_table(asked: Asked, changes: Sequence[Change], top: int) -> Table:
    """For each standard, what becomes of the products when it asks what is proposed. top: products named in each place"""
    assert asked.products is not None, "asked only where products were given"
    rows = []
    for at in sorted({c.standard for c in changes}):
        found = overall(asked.products, asked.pool, changes, at)
        rows.append((asked.label(at), str(found.fail), str(found.passes), str(found.undetermined), ", ".join(found.failing[:top])))
    words = (("标准", "standard"), ("新不合格", "newly fail"), ("新合格", "newly pass"), ("未定", "undetermined"), ("例如", "such as"))
    count = asked.products.count
    title = say(f"受影响的产品（共 {count} 个；− 新不合格，+ 新合格，? 未定）",
                f"products affected ({count} in all; − newly fail, + newly pass, ? undetermined)")  # fmt: skip
    return Table(title, tuple(say(*word) for word in words), list(rows), (1, 2, 3))


def roadmap_table(asked: Asked, made: Roadmap) -> Table:
    """The steps, in their order, and whether all is sound after each."""
    pool = asked.pool
    words = (("步", "step"), ("标准", "standard"), ("改动", "change"), ("最早", "earliest"), ("产品", "products"), ("此后", "after it"))
    rows: list[tuple[str, ...]] = []
    for n, step in enumerate(made.steps, 1):
        day = step.earliest.isoformat() if step.earliest else "–"
        rows.append((str(n), asked.label(step.standard), _steps_text(pool, step), day, _step_products(step), _after(pool, step, made)))
    return Table(say("路线图", "roadmap"), tuple(say(*word) for word in words), rows, (0,))


def about_lines(asked: Asked) -> list[str]:
    """Whose the products are, and what is assumed of them."""
    if asked.about is None:
        return []
    return [asked.about.title.text(language()), asked.about.terms, *(f"! {note.text(language())}" for note in asked.about.notes)]


def doubts(asked: Asked, proposal: Proposal) -> list[str]:
    """What could not be brought in, what is not proved to stand here as in its own standard, and what was assumed."""
    pool, said = asked.pool, []
    for each in proposal.pool.refused:
        reason = each.reason.text(language())
        said.append(say(f"! {asked.label(each.wanted.voice)} {each.wanted.no} 未能比较：{reason}",
                        f"! {asked.label(each.wanted.voice)} {each.wanted.no} could not be brought in: {reason}"))  # fmt: skip
    for no, answer in pool.doubtful:
        named = at(pool, *pool.origin(no))
        said.append(say(f"! 未能证明 {named} 在比较中与原文判定相同：{mark(answer)}",
                        f"! {named} is not proved to judge here as in its own standard: {mark(answer)}"))  # fmt: skip
    for used_for, used in pool.made.treat_as.items():
        said.append(say(f"! 假定：以「{used}」的数值代替「{used_for}」", f"! assumed: the value of {used} stands for {used_for}"))
    return said


def proposal_line(proposal: Proposal) -> str:
    """How many clauses it has, how many of them are proved, and how many examples."""
    proved = sum(isinstance(answer, Proved) for *_, answer in proposal.proofs)
    shown, clauses = len(proposal.specimens.found), len(proposal.made.program.standard.authored.clauses)
    return say(
        f"提案 {clauses} 条，判定与来源相同的证明 {proved}/{len(proposal.proofs)}；算例 {shown} 个，均经精确判定",
        f"the proposal has {clauses} clauses; proved to judge as what they come from: {proved} of {len(proposal.proofs)}; "
        f"{shown} examples, judged by the exact reading",
    )


def roadmap_lines(asked: Asked, made: Roadmap) -> list[str]:
    """What cannot be met together at the start, what each standard keeps, and whether the end is what is proposed."""
    pool, said = asked.pool, []
    if made.start:
        names = ", ".join(property_text(pool, row) + scenarios([row]) for row in made.start)
        said.append(say(f"开始时不能同时满足：{names}", f"cannot be met together at the start: {names}"))
    for c in made.stays:
        said.append(say(f"– {asked.label(c.standard)} 保留：{property_text(pool, c.row)}{scenarios([c.row])} {texts(pool, c.old)}",
                        f"– {asked.label(c.standard)} keeps: {property_text(pool, c.row)}{scenarios([c.row])} {texts(pool, c.old)}"))  # fmt: skip
    return said


def end_line(made: Roadmap) -> str:
    return say(f"终点与目标相同：{mark(made.end)}", f"the end asks what is proposed: {mark(made.end)}")


def at(pool: Pool, voice: int, no: str) -> str:
    return f"{pool.made.voices[voice].label.zh} {no}"


def _choice_rows(pool: Pool, proposal: Proposal) -> Iterable[tuple[str, ...]]:
    """One line for all scenarios in which the same is asked and chosen."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for c in proposal.choices:
        cited = _cited(pool, c.clauses or c.conflict)
        text = "; ".join(dict.fromkeys(asks_text(pool, no) for no in c.clauses))
        key = (property_text(pool, c.row) + _should(c.row), (c.clauses and cited) or _outcome(c, cited), text, _why(c))
        found.setdefault(key, []).append(c.row)
    for (name, origin, text, reason), rows in found.items():
        yield name + scenarios(rows), origin, text, reason


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


def property_text(pool: Pool, row: Row) -> str:
    """What a row is about, without its scenario."""
    held = [pool.follower.space.quantities[key].input for key in row.about]
    authored = pool.program.standard.authored.inputs
    return ", ".join(dict.fromkeys(authored[i.authored_name].title(language()) if i.authored_name in authored else i.title(language()) for i in held))


def scenarios(rows: Sequence[Row]) -> str:
    names = [row.about[0].partition("@")[2] for row in rows if "@" in row.about[0]]
    return f" @{', '.join(names)}" if names else ""


def asks_text(pool: Pool, no: str) -> str:
    voice, own = pool.origin(no)
    program = pool.made.voices[voice].program
    return asks(program, next(c for c in program.clauses if c.no == own), language())


def _cited(pool: Pool, clauses: Clauses) -> str:
    """Clauses as they are cited: each standard once, scenarios left out."""
    found: dict[int, list[str]] = {}
    for voice, own in map(pool.origin, clauses):
        found.setdefault(voice, []).append(own.partition("@")[0])
    return say("；", "; ").join(f"{pool.made.voices[at].label.text(language())} {', '.join(dict.fromkeys(nos))}" for at, nos in found.items())


def _kind(change: Change) -> str:
    words = KINDS[change.kind].text(language())
    if not change.mends:
        return words
    return say("勘正", "mends") if change.kind == "keeps" else say(f"勘正并{words}", f"mends, {words}")


def texts(pool: Pool, clauses: Clauses) -> str:
    return "; ".join(dict.fromkeys(asks_text(pool, no) for no in clauses))


def _products(change: Change) -> str:
    a = change.affected
    return "–" if a is None else f"−{a.fail} +{a.passes} ?{a.undetermined}"


def overall(products: Products, pool: Pool, changes: Sequence[Change], at: int) -> Affected:
    """Products whose verdict by all of one standard changes."""
    own = [c for c in changes if c.standard == at and c.row.strength == "shall"]
    held = tuple(no for c in own for no in c.old)
    return products.affected(held, tuple(no for c in own for no in (c.new if c.is_work else c.old)))


def _steps_text(pool: Pool, step: Step) -> str:
    found: dict[tuple[str, ...], list[Row]] = {}
    for c in step.changes:
        found.setdefault((_kind(c), property_text(pool, c.row), texts(pool, c.old) or "–", texts(pool, c.new) or "–"), []).append(c.row)
    return "\n".join(f"{kind} {name}{scenarios(rows)}: {old} → {new}" for (kind, name, old, new), rows in found.items())


def _step_products(step: Step) -> str:
    if step.affected is None:
        return "–"
    return f"−{step.affected[0]} +{step.affected[1]}" + say(f"，累计 {step.cumulative}", f", so far {step.cumulative}")


def _after(pool: Pool, step: Step, made: Roadmap) -> str:
    said = []
    if isinstance(step.satisfiable, Refuted):
        said.append(say("✗ 没有产品能满足", "✗ nothing can meet it"))
    if step.below:
        said.append(say("✗ 低于基准：", "✗ below the baseline: ") + ", ".join(property_text(pool, row) for row in step.below))
    if made.start:
        said.append(say(f"相互冲突 {len(step.conflicts)} 项", f"{len(step.conflicts)} in conflict"))
    return "; ".join(said) or say("✓ 稳妥", "✓ sound")
