"""What `guiju verify project …` does and prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from guiju.api.typed import Here, one_named, opened
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import console, language, say, table, written
from guiju.cli.console import show as tell
from guiju.records.bulk import programs
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf
from guiju.store.access import first_organisation
from guiju.store.canonical import moment_text
from guiju.store.people import account_of, organisation_named
from guiju.verify.commands.point import today
from guiju.verify.process import acting
from guiju.verify.process.bodies import GENERIC, body_of, verdicts_of
from guiju.verify.process.door import checked
from guiju.verify.process.plan import Asked
from guiju.verify.process.project import Order, Project
from guiju.verify.process.proposing import proposal
from guiju.verify.process.seen import OPEN, key_of, names_in, view
from guiju.verify.process.sheets import read_sheet, sheet_text
from guiju.verify.process.states import ACTS, ASPECTS, PUBLISHED, STATES, VERDICTS
from guiju.verify.process.study_files import study_files
from guiju.verify.study import NEWEST


def _project(here: Here, word: str) -> str:
    """The identifier of a project: the newest that a word names."""
    return one_named(((held.id, (held.title,)) for held, _ in acting.projects_for(here.store, here.who)), word)


def list_projects(place: str, files: Path | None, who: str | None, as_json: bool) -> None:
    """Prints the projects, the newest first."""
    with opened(place, files, who) as here:
        found = acting.projects_for(here.store, here.who)
    if as_json:
        print(json.dumps([{"id": p.id, "standard": p.standard, "state": p.state, "steps": p.number} for _, p in found], ensure_ascii=False, indent=1))
    elif found:
        rows = [(p.standard, STATES[p.state].text(language()), moment_text(held.created_at)[:10], p.id) for held, p in found]
        table("", (say("标准", "standard"), say("状态", "state"), say("提出", "demanded"), say("标识", "id")), rows)
    else:
        console().print(say("没有。", "nothing."))


def show(place: str, files: Path | None, who: str | None, word: str, as_json: bool) -> None:
    """Prints what may be seen of a project."""
    with opened(place, files, who) as here:
        project, steps = acting.project_of(here.store, here.who, _project(here, word))
        seen = view(project, steps, here.who, names_in(here.store))
    if as_json:
        print(json.dumps(seen, ensure_ascii=False, indent=1, default=str))
        return
    console().print(f"{project.standard}  {STATES[project.state].text(language())}  {project.id}", style="bold")
    console().print(project.reason)
    _mark(project)
    if project.plan is not None:
        plan = project.plan
        console().print(say(f"方案：{len(plan.items)} 个测量项，{len(plan.levels)} 个样品，{plan.laboratories} 个实验室，重复 {plan.replicates} 次",
                            f"plan: quantities {len(plan.items)}, samples {len(plan.levels)}, laboratories {plan.laboratories}, "
                            f"replicates {plan.replicates}"))  # fmt: skip
        console().print(f"  A_r = {plan.basis['a_r']}, A_R = {plan.basis['a_R']}, γ = {plan.basis['gamma']} (ISO 5725-1)")
    if seen["applications"]:
        rows = [(str(a["number"]), a["point"], a["organisation"]["name"], ", ".join(a["items"]), _marked(a)) for a in seen["applications"]]
        table(say("申请", "applications"), ("#", say("验证点", "point"), say("机构", "organisation"), say("能测", "able"), ""), rows)
    if seen["orders"]:
        table(say("任务", "orders"), ("#", say("验证点", "point"), say("录入", "entered"), ""), [_order(each) for each in seen["orders"]])
    _conclusion(project)
    possible = ", ".join(f"{name} ({ACTS[name].title.text(language())})" for name in seen["possible"])
    console().print(say(f"你现在可以：{possible or '–'}", f"possible for you now: {possible or '–'}"))
    if seen["for_another"]:
        names = ", ".join(seen["for_another"])
        console().print(say(f"要由第二个人做：{names}（--as 另一账号）", f"for a second person: {names} (another account, --as)"), style="yellow")


def _marked(application: Mapping[str, Any]) -> str:
    if application["withdrawn"]:
        return say("撤回", "withdrawn")
    return say("示意", "illustrative") if application["illustrative"] else ""


def _order(each: Mapping[str, Any]) -> tuple[str, ...]:
    words = {"dropped": say("– 退出", "– dropped"), "submitted": say("✓ 已提交", "✓ submitted"), "returned": say("? 退回补正", "? returned")}
    state = next((words[name] for name in ("dropped", "submitted", "returned") if each[name]), "")
    return str(each["number"]), each["point"], f"{each['filled']}/{each['cells']}", state


def _conclusion(project: Project) -> None:
    if project.conclusion is not None and project.state in PUBLISHED:
        rows = [(no, ASPECTS[a].text(language()), VERDICTS[v].text(language()), g) for no, by in project.conclusion.clauses.items()
                for a, (v, g) in by.items()]  # fmt: skip
        table(say("结论", "conclusion"), (say("条款", "clause"), say("方面", "aspect"), say("结论", "verdict"), say("依据", "ground")), rows)
        console().print(project.conclusion.text)


def _said(project: Project) -> None:
    state = STATES[project.state].text(language())
    console().print(f"{project.standard}: {state}  {project.id}")
    _mark(project)


def _mark(project: Project) -> None:
    if project.is_illustrative:
        told = say("示意：有虚设的验证点参加，结果不是真的。", "illustrative: points that are made up take part; its results are not real.")
        console().print(told, style="yellow")


def demand(place: str, files: Path | None, who: str | None, standard: str, reason: str, stage: str, runner: str | None) -> None:
    with opened(place, files, who) as here:
        program = programs(Shelf(), [standard], None)[0]
        runs = first_organisation(here.store) if runner is None else organisation_named(here.store, runner)
        _said(acting.demand(here.store, here.who, runs, program, {"stage": stage, "reason": reason}))


def plan(place: str, files: Path | None, who: str | None, word: str, asked: Asked, rest: str | None) -> None:
    """Plans, and prints what came of it; `rest` is why clauses that are not named are not verified."""
    with opened(place, files, who) as here:
        id_, shelf = _project(here, word), Shelf()
        project, _ = acting.project_of(here.store, here.who, id_)
        program = programs(shelf, [project.standard], None)[0]
        others = {} if rest is None else {m.no: ("none", rest) for m in program.clauses if m.no not in asked.clauses}
        done = acting.plan(here.store, here.who, id_, program, shelf.dictionary, replace(asked, clauses={**asked.clauses, **others}))
    _said(done)
    made = done.plan
    assert made is not None, "planned"
    for each in made.items:
        console().print(f"  {each.id}  {each.title.text(language())}  {each.method}  ({each.unit})")
    measured = made.laboratories * made.replicates
    console().print(say(f"  {made.laboratories} 个实验室 × 重复 {made.replicates} 次 = 每个样品 {measured} 次测量；",
                        f"  {made.laboratories} laboratories × {made.replicates} replicates = {measured} measurements of each sample;")
                    + f" A_r = {made.basis['a_r']}, A_R = {made.basis['a_R']}")  # fmt: skip


def act(place: str, files: Path | None, who: str | None, word: str, name: str, body: Mapping[str, Any]) -> None:
    with opened(place, files, who) as here:
        _said(acting.act(here.store, here.who, _project(here, word), name, body))


def other(place: str, files: Path | None, who: str | None, word: str, name: str, said: Sequence[str]) -> None:
    """A step that needs no more than words."""
    with opened(place, files, who) as here:
        if name not in GENERIC:
            facts = {"word": name, "known": ", ".join(GENERIC), **did_you_mean(name, GENERIC)}
            raise Refused([Diagnostic("point-word", None, {"what_zh": "步骤", "what_en": "step", **facts})])
        given = {n: text for n, _, text in (each.partition("=") for each in said)}
        if name == "withdraw":
            _said(acting.withdraw(here.store, here.who, _project(here, word), body_of(name, given)["application"]))
        else:
            _said(acting.act(here.store, here.who, _project(here, word), name, body_of(name, given)))


def apply(place: str, files: Path | None, who: str | None, word: str, point: str, laboratory: str) -> None:
    with opened(place, files, who) as here:
        done = acting.apply(here.store, here.who, _project(here, word), Shelf().dictionary, point, laboratory, today())
    _said(done)
    made = done.applications[-1]
    console().print(f"  #{made.number} {made.point}: {', '.join(made.items)}")


def assign(place: str, files: Path | None, who: str | None, word: str, applications: Sequence[int], key_holder: str, reason: str) -> None:
    with opened(place, files, who) as here:
        holder = account_of(here.store, key_holder)
        done = acting.assign(here.store, here.who, _project(here, word), applications, holder.id, reason)
    _said(done)
    for each in done.orders:
        n = len(each.codes)
        console().print(say(f"  任务 {each.number}：{each.point}，{n} 个样品", f"  order {each.number}: {each.point}, {n} samples"))


def hand_over(place: str, files: Path | None, who: str | None, word: str, key_holder: str, reason: str) -> None:
    with opened(place, files, who) as here:
        _said(acting.hand_over(here.store, here.who, _project(here, word), account_of(here.store, key_holder).id, reason))


def _own(here: Here, word: str, number: int) -> tuple[Project, Order]:
    project, _ = acting.project_of(here.store, here.who, _project(here, word))
    found = project.order(number)
    if found is None or found.organisation not in here.who.organisations:
        raise Refused([Diagnostic("process-order-unknown", None, {"number": str(number)})])
    return project, found


def sheet(place: str, files: Path | None, who: str | None, word: str, number: int, out: Path | None) -> None:
    with opened(place, files, who) as here:
        project, order = _own(here, word, number)
        assert project.plan is not None, "there are orders"
        text = sheet_text(order, project.plan.items)
        if out is not None:
            _write(out, text)
            written(out)
        else:
            print(text, end="")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None


def enter(place: str, files: Path | None, who: str | None, word: str, number: int, file: Path, submit: bool) -> None:
    """Enters a sheet; what the door has to say of it goes to standard error."""
    with opened(place, files, who) as here:
        project, order = _own(here, word, number)
        assert project.plan is not None, "there are orders"
        values, notes = read_sheet(file, order, project.plan.items)
        done = acting.enter(here.store, here.who, project.id, number, values, notes, submit=submit, after=order.entries)
        tell(checked(order, project.plan.items, values, notes))
    made = done.order(number)
    assert made is not None, "it was written just now"
    state = say("已提交", "submitted") if made.submitted else say("已保存，未提交", "kept, not submitted")
    console().print(say(f"任务 {number}：{made.filled}/{made.cells}，{state}", f"order {number}: {made.filled}/{made.cells}, {state}"))


def key(place: str, files: Path | None, who: str | None, word: str) -> None:
    """Prints what the codes stand for, and cells to be asked about."""
    with opened(place, files, who) as here:
        found = key_of(here.store, here.who, _project(here, word))
    header = (say("任务", "order"), say("样品代码", "code"), say("实验室", "laboratory"), say("水平", "level"), say("重复", "replicate"))
    table("", header, [tuple(map(str, row)) for row in found.rows])
    for order, level, item, times in found.unlikely:
        told = say(f"? 任务 {order} 的 {level} {item}：重复间的极差是居中值的 {times:.0f} 倍；请它复核全表的抄录",
                   f"? order {order}, {level} {item}: replicates {times:.0f} times as far apart as usual; ask it to check its sheet")  # fmt: skip
        console().print(told, style="yellow")


def lift(place: str, files: Path | None, who: str | None, word: str) -> None:
    with opened(place, files, who) as here:
        _said(acting.lift(here.store, here.who, _project(here, word)))


def analyse(place: str, files: Path | None, who: str | None, word: str, edition: str | None, as_json: bool) -> None:
    """Analyses; prints m, s_r and s_R of every quantity, or the whole as JSON."""
    with opened(place, files, who) as here:
        done = acting.analyse(here.store, here.who, _project(here, word), edition or NEWEST, names_in(here.store).accounts)
    assert done.analysis is not None, "analysed just now"
    found = {item: json.loads(result) for item, (_, result) in done.analysis.studies.items()}
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    _said(done)
    for item, result in found.items():
        study = result["studies"][0]
        rows = [(e["level"], f"{e['p']:.0f}", f"{e['N']:.0f}", *(f"{e[n]:.4g}" for n in ("m", "s_r", "s_R", "r", "R")))
                for e in (study["kept"] or study["all"])["levels"]]  # fmt: skip
        table(f"{item} · {done.analysis.edition}", (say("水平", "level"), "p", "N", "m", "s_r", "s_R", "r", "R"), rows, range(1, 8))


def study(place: str, files: Path | None, who: str | None, word: str, out: Path) -> None:
    """Writes a CSV for every quantity, the exclusions that hold, and what binds them to the property for `guiju verify standard --study`.

    raises   Exit: process-not-now as long as it is blind
    """
    with opened(place, files, who) as here:
        project, _ = acting.project_of(here.store, here.who, _project(here, word))
        if project.state not in OPEN or (project.state not in PUBLISHED and project.runner not in here.who.organisations):
            act, state = ACTS["analyse"].title, STATES[project.state]
            raise Refused([Diagnostic("process-not-now", None, {"act_zh": act.zh, "act_en": act.en, "state_zh": state.zh, "state_en": state.en,
                                                                "possible_zh": "–", "possible_en": "–"})])  # fmt: skip
        assert project.plan is not None, "planned"
        names = names_in(here.store).accounts
        for item in project.plan.items:
            for name, text in study_files(project, item, names).items():
                _write(out / name, text)
                written(out / name)


def conclude(place: str, files: Path | None, who: str | None, word: str, verdicts: Sequence[str], text: str, records: tuple[Path, ...],
             mappings: tuple[Path, ...], as_json: bool) -> None:  # fmt: skip
    """Concludes beside what the dossier proposes; without verdicts only prints what it proposes."""
    with opened(place, files, who) as here:
        said = verdicts_of(verdicts)
        project = acting.concluding(here.store, here.who, _project(here, word))
        found = proposal(Shelf(), project, names_in(here.store).accounts, records, mappings)
        if said:
            _said(acting.conclude(here.store, here.who, project.id, said, text, found))
    if as_json:
        print(json.dumps(found.said, ensure_ascii=False, indent=1))
    else:
        _proposed(found.said)


def _proposed(said: Mapping[str, Any]) -> None:
    at = language()
    rows = [(no, ASPECTS[a].text(at), VERDICTS[each["verdict"]].text(at), each[at]) for no, by in said["clauses"].items() for a, each in by.items()]
    title = say("由证据算得的建议", "proposed by the evidence") + (say("（含示意）", " (illustrative)") if said["illustrative"] else "")
    table(title, (say("条款", "clause"), say("方面", "aspect"), say("结论", "verdict"), say("为何", "why")), rows)
    if said["unused"]:
        unused = ", ".join(said["unused"])
        console().print(say(f"同一性质与方法已有研究，未用：{unused}", f"not used, for there is a study of the same property and method: {unused}"))
    console().print(f"twin sha256 {said['twin']}")
