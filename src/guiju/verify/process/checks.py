"""Checks: what must hold before a step is taken, besides state and side. Each says everything that is wrong, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Severity
from guiju.standard.model import Title
from guiju.store.acts import TEXT_MAX, other_side, second_person, too_long, unsaid
from guiju.store.processes import Step
from guiju.verify.process.blind import sealing
from guiju.verify.process.door import checked
from guiju.verify.process.project import LEAST_LABS, Project
from guiju.verify.process.states import ACTS, ASPECTS, STAGES, VERDICTS

Check = Callable[[Project, Step, Problems], None]
CELL_MAX = 60


def refuse_unsound(project: Project, step: Step) -> None:
    """Refuses a step that is open now and does not hold, with every reason.

    raises   Refused
    """
    problems = Problems()
    too_long(step.body, ("reason", "judgement", "opinion", "text", "criteria"), problems)
    if step.act in CHECKS:
        CHECKS[step.act](project, step, problems)
    problems.refuse_errors()


def _said(name: str) -> Check:
    def check(project: Project, step: Step, problems: Problems) -> None:
        unsaid(step.body, (name,), problems)

    return check


def _demand(project: Project, step: Step, problems: Problems) -> None:
    _said("reason")(project, step, problems)
    if step.body["stage"] not in STAGES:
        problems.add("point-word", None, what_zh="阶段", what_en="stage", word=step.body["stage"], known=", ".join(STAGES))


def _approve(project: Project, step: Step, problems: Problems) -> None:
    assert project.plan is not None, "planned"
    second_person((project.plan.by,), step.actor, Title("评估方案", "assessing a plan"), problems)


def _call(project: Project, step: Step, problems: Problems) -> None:
    _said("text")(project, step, problems)
    if parse_date(str(step.body["until"])) is None:
        problems.add("not-a-date", None, text=step.body["until"])


def _apply(project: Project, step: Step, problems: Problems) -> None:
    if any(each.point == step.body["point"] and not each.withdrawn for each in project.applications):
        problems.add("process-applied-already", None, point=step.body["point"])


def _withdraw(project: Project, step: Step, problems: Problems) -> None:
    found = project.application(step.body["application"])
    if found is None or found.withdrawn:
        problems.add("process-application-unknown", None, number=step.body["application"])
    elif found.organisation != step.organisation:
        other_side(ACTS["withdraw"], problems)


def _assign(project: Project, step: Step, problems: Problems) -> None:
    """Enough laboratories for every quantity; fewer than planned only for a reason."""
    plan, chosen = project.plan, []
    assert plan is not None, "planned"
    for number in step.body["applications"]:
        found = project.application(number)
        if found is None or found.withdrawn or found in chosen:
            problems.add("process-application-unknown", None, number=number)
        else:
            chosen.append(found)
    for item in plan.items:
        able = sum(item.id in each.items for each in chosen)
        if able < LEAST_LABS:
            problems.add("process-few-labs", None, item_zh=item.title.zh, item_en=item.title.en, found=able, least=LEAST_LABS)
        elif able < plan.laboratories and not str(step.body["reason"]).strip():
            problems.add("process-fewer-labs", None, item_zh=item.title.zh, item_en=item.title.en, found=able, planned=plan.laboratories)


def _order(project: Project, step: Step, problems: Problems) -> None:
    found = project.order(step.body["order"])
    if found is None or found.dropped:
        problems.add("process-order-unknown", None, number=step.body["order"])
        return
    if step.act in ("return", "drop"):
        _said("reason")(project, step, problems)
        if step.act == "return" and not found.submitted:
            problems.add("process-order-open", None, orders=found.number)
        return
    if found.organisation != step.organisation:
        problems.add("process-order-unknown", None, number=step.body["order"])
        return
    if step.actor == project.key_holder:
        problems.add("process-key-holder-enters", None)
    if found.submitted:
        problems.add("process-order-submitted", None, number=found.number)
    if step.body["after"] != found.entries:
        problems.add("process-moved", None)
    values, notes = step.body["values"], step.body["notes"]
    _sizes(values, notes, problems)
    assert project.plan is not None, "running"
    if step.body["submit"] and not problems.has_errors:
        problems.extend(d for d in checked(found, project.plan.items, values, notes) if d.severity is Severity.ERROR)
    unknown = [code for code in values if code not in found.codes]
    if unknown and not step.body["submit"]:
        problems.extend(d for d in checked(found, project.plan.items, values, notes) if d.code.startswith("entry-code"))


def _sizes(values: Mapping[str, Mapping[str, str]], notes: Mapping[str, str], problems: Problems) -> None:
    for code, row in values.items():
        for item, text in row.items():
            if len(text) > CELL_MAX:
                problems.add("entry-not-a-number", None, text=text, sample=code, item_zh=item, item_en=item, field=f"{code}/{item}")
    if any(len(text) > TEXT_MAX for text in notes.values()):
        problems.add("process-too-long", None, what="note", most=TEXT_MAX)


def _hand_over(project: Project, step: Step, problems: Problems) -> None:
    """To somebody else than whoever says so, and than whoever has entered results: the samples stay blind."""
    _said("reason")(project, step, problems)
    holder = step.body["key_holder"]
    if holder == project.key_holder or any(holder in each.writers for each in project.orders):
        problems.add("process-key-not-to", None)
    if holder == step.actor:
        problems.add("process-second-person", None, what_zh="接手盲码", what_en="taking the key over")


def _close(project: Project, step: Step, problems: Problems) -> None:
    still = [str(each.number) for each in project.working if not each.submitted]
    if still:
        problems.add("process-order-open", None, orders=", ".join(still))
    assert project.plan is not None, "running"
    for item in project.plan.items:
        done = sum(item.id in each.items for each in project.working)
        if done < LEAST_LABS:
            problems.add("process-few-labs", None, item_zh=item.title.zh, item_en=item.title.en, found=done, least=LEAST_LABS)


def _sealed(name: str) -> Check:
    def check(project: Project, step: Step, problems: Problems) -> None:
        content = {"salt": step.body["salt"], name: step.body[name]}
        if sealing(content) != project.seals.get(name):
            problems.add("process-seal-differs", None, name=name)

    return check


def _exclude(project: Project, step: Step, problems: Problems) -> None:
    """It names a result there is, and says why."""
    _said("reason")(project, step, problems)
    body = step.body
    if project.item(body["item"]) is None:
        assert project.plan is not None, "analysed"
        known = ", ".join(each.id for each in project.plan.items)
        problems.add("point-word", None, what_zh="测量项", what_en="quantity", word=body["item"], known=known)
    given = (body["lab"], body["level"], body["replicate"])
    for at, (zh, en) in enumerate((("实验室", "laboratory"), ("水平", "level"), ("重复", "replicate"))):
        known_here = sorted({each[at] for each in project.samples.values()})
        if given[at] not in known_here and not (at and not given[at]):
            problems.add("point-word", None, what_zh=zh, what_en=en, word=given[at], known=", ".join(known_here))
    if body["replicate"] and not body["level"]:
        problems.add("process-unsaid", None, what="level")


def _exclusion(project: Project, step: Step, problems: Problems) -> None:
    found = project.exclusion(step.body["exclusion"])
    if found is None or found.restored or (step.act == "confirm" and found.confirmed_by):
        problems.add("process-exclusion-unknown", None, number=step.body["exclusion"])
    elif step.act == "confirm":
        second_person((found.by,), step.actor, Title("确认剔除", "confirming an exclusion"), problems)
    if step.act == "restore":
        _said("reason")(project, step, problems)


def _analyse(project: Project, step: Step, problems: Problems) -> None:
    _none_open(project, problems)
    if tuple(step.body["exclusions"]) != tuple(each.number for each in project.excluded):
        problems.add("process-moved", None)


def _none_open(project: Project, problems: Problems) -> None:
    still = [str(each.number) for each in project.exclusions if each.is_open]
    if still:
        problems.add("process-exclusion-open", None, numbers=", ".join(still))


def _conclude(project: Project, step: Step, problems: Problems) -> None:
    """Every clause that was to be verified has a verdict; whatever is not passed says why; the analysis is of what is valid now."""
    _none_open(project, problems)
    _sealed("laboratories")(project, step, problems)
    if project.is_stale:
        problems.add("process-analysis-stale", None)
    assert project.plan is not None, "analysed"
    clauses: Mapping[str, Mapping[str, Any]] = step.body["clauses"]
    known = {each.no: each for each in project.plan.clauses}
    for no, said in clauses.items():
        if no not in known:
            problems.add("process-clause-unknown", None, clause=no, standard=project.standard)
        for aspect, each in said.items():
            if aspect not in ASPECTS:
                problems.add("point-word", None, what_zh="方面", what_en="aspect", word=aspect, known=", ".join(ASPECTS))
            elif each["verdict"] not in VERDICTS:
                problems.add("point-word", None, what_zh="结论", what_en="verdict", word=each["verdict"], known=", ".join(VERDICTS))
            elif each["verdict"] in ("after-change", "fail") and not each["ground"].strip():
                problems.add("process-ground", None, clause=no, aspect_zh=ASPECTS[aspect].zh, aspect_en=ASPECTS[aspect].en)
    _differing(clauses, step.body["proposed"]["clauses"], problems)
    for each_clause in known.values():
        verdicts = [each["verdict"] for each in clauses.get(each_clause.no, {}).values()]
        if each_clause.by != "none" and all(verdict == "not-verified" for verdict in verdicts):
            problems.add("process-conclusion-lacks", None, clause=each_clause.no)
        if each_clause.by == "none" and any(verdict != "not-verified" for verdict in verdicts):
            problems.add("process-not-in-plan", None, clause=each_clause.no)


def _differing(clauses: Mapping[str, Mapping[str, Any]], proposed: Mapping[str, Mapping[str, Any]], problems: Problems) -> None:
    """A verdict other than the one proposed says why; only to leave open what would pass needs no reason. What is not said is not verified."""
    for no, by in proposed.items():
        for aspect, each in by.items():
            said = clauses.get(no, {}).get(aspect, {"verdict": "not-verified", "ground": ""})
            pair = (each["verdict"], said["verdict"])
            if pair[0] != pair[1] and pair != ("pass", "not-verified") and pair[1] in VERDICTS and not said["ground"].strip():
                words = {f"{name}_{at}": getattr(VERDICTS[verdict], at) for name, verdict in zip(("proposed", "said"), pair, strict=True)
                         for at in ("zh", "en")}  # fmt: skip
                problems.add("process-differs", None, clause=no, aspect_zh=ASPECTS[aspect].zh, aspect_en=ASPECTS[aspect].en, **words)


def _archive(project: Project, step: Step, problems: Problems) -> None:
    assert project.conclusion is not None, "concluded"
    second_person((project.conclusion.by,), step.actor, Title("归档", "archiving"), problems)


def refuse_other_holder(project: Project, actor: str) -> None:
    """
    raises   Refused: process-other-side, where somebody else holds the key
    """
    problems = Problems()
    if actor != project.key_holder:
        other_side(ACTS["lift"], problems)
    problems.refuse_errors()


def _lift(project: Project, step: Step, problems: Problems) -> None:
    refuse_other_holder(project, step.actor)
    _sealed("samples")(project, step, problems)


CHECKS: Mapping[str, Check] = {
    "demand": _demand, "accept": _said("judgement"), "decline": _said("reason"), "renew": _said("reason"), "approve": _approve,
    "send-back": _said("reason"), "reopen-plan": _said("reason"), "call": _call, "apply": _apply, "withdraw": _withdraw, "assign": _assign,
    "enter": _order, "return": _order, "drop": _order, "close": _close, "hand-over": _hand_over,
    "reopen": _said("reason"), "lift": _lift,
    "exclude": _exclude, "confirm": _exclusion, "restore": _exclusion, "analyse": _analyse, "conclude": _conclude, "reconsider": _said("reason"),
    "archive": _archive, "abandon": _said("reason"),
}  # fmt: skip
