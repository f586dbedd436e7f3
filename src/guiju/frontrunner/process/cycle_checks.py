"""What must hold before a step of a cycle is taken, besides state and side. Each check says everything that is wrong, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Connection

from guiju.base.diagnostics import Problems
from guiju.frontrunner.process.cycle import Cycle, Entry, Objection
from guiju.frontrunner.process.interests import refuse_conflicts
from guiju.frontrunner.process.states import CYCLE_ACTS
from guiju.standard.model import Title
from guiju.store.acts import second_person, too_long, unsaid
from guiju.store.canonical import moment_text
from guiju.store.processes import Step

Check = Callable[[Cycle, Step, Problems], None]
DAYS_LEAST, DAYS_MOST = 1, 365
DOCUMENTS_MAX = 50
PUBLIC_AN_HOUR, PUBLIC_OPEN = 20, 500
"""Objections without an account that a cycle takes in an hour, and how many of them may be undecided."""
GROUP = ("T/",)
"""How the numbers of group standards begin, which come first."""
JUDGING = ("review", "compare", "shortlist", "send-back", "dismiss", "uphold", "set-aside", "confirm-aside", "publish",
           "re-evaluate", "keep", "suspend", "reinstate", "remove")  # fmt: skip
"""Acts of evaluators and reviewers: for nobody with an interest in whom they are about."""
DECIDING = {
    "review": Title("评审评估方案", "reviewing an evaluator"), "dismiss": Title("处理异议", "deciding on an objection"),
    "uphold": Title("处理异议", "deciding on an objection"), "publish": Title("发布名单", "publishing the list"),
    "keep": Title("复核", "the review of an entry"), "remove": Title("移出名单", "removing an entry"),
    "send-back": Title("退回比对", "sending a comparison back"), "suspend": Title("暂停", "suspending an entry"),
    "reinstate": Title("恢复", "reinstating an entry"),
    **dict.fromkeys(("set-aside", "confirm-aside"), Title("不予受理", "setting an objection aside")),
}  # fmt: skip
"""Acts that are for another person than whoever evaluated."""


def refuse_unsound(connection: Connection, cycle: Cycle, step: Step) -> None:
    """Refuses a step that is open now and does not hold, with every reason.

    raises   Refused
    """
    problems, wanted = Problems(), CYCLE_ACTS[step.act]
    too_long(step.body, ("reason", "opinion", "plan", "ground", "text"), problems)
    unsaid(step.body, SAID.get(step.act, ()), problems)
    if step.act in CHECKS:
        CHECKS[step.act](cycle, step, problems)
    if step.act in JUDGING:
        refuse_conflicts(connection, wanted, step, _concerned(cycle, step), cycle.interests, problems)
    if step.act in DECIDING:
        second_person(_evaluators(cycle), step.actor, DECIDING[step.act], problems)
    problems.refuse_errors()


def _evaluators(cycle: Cycle) -> frozenset[str]:
    return cycle.evaluators | {each.by for each in cycle.applications if not each.taken_back}


def _concerned(cycle: Cycle, step: Step) -> Iterable[str]:
    """Codes of the enterprises an act is about: of one entry, or of all that are compared."""
    if "objection" in step.body:
        about = cycle.objection(step.body["objection"])
        found = cycle.entry(about.entry) if about else None
        return (found.enterprise,) if found else ()
    if "objections" in step.body:
        about_all = {each.entry for each in cycle.objections if each.number in step.body["objections"]}
        return {each.enterprise for each in cycle.entries if each.number in about_all}
    if "entry" in step.body:
        found = cycle.entry(step.body["entry"])
        return (found.enterprise,) if found else ()
    if step.act == "compare":
        return frozenset(step.body["enterprises"])
    return cycle.compared | {each.enterprise for each in cycle.entries}


def _entry(cycle: Cycle, step: Step, problems: Problems, standings: tuple[str, ...]) -> Entry | None:
    """The entry a step names, where it stands as it must."""
    found = cycle.entry(step.body["entry"])
    if found is None or found.standing not in standings:
        problems.add("frontrunner-entry", None, number=step.body["entry"])
        return None
    return found


def _objection(cycle: Cycle, step: Step, problems: Problems) -> Objection | None:
    found = cycle.objection(step.body["objection"])
    if found is None or not found.is_open:
        problems.add("frontrunner-objection", None, number=step.body["objection"])
        return None
    return found


def _fix(cycle: Cycle, step: Step, problems: Problems) -> None:
    second_person((cycle.proposed_by,), step.actor, Title("确定领域", "fixing the field"), problems)
    if not DAYS_LEAST <= step.body["days"] <= DAYS_MOST:
        problems.add("frontrunner-days", None, days=step.body["days"], least=DAYS_LEAST, most=DAYS_MOST)


def _apply(cycle: Cycle, step: Step, problems: Problems) -> None:
    assert cycle.field is not None, "fixed"
    if step.body["standard"] != cycle.field.standard:
        problems.add("frontrunner-other-standard", None, standard=step.body["standard"], wanted=cycle.field.standard)
    if not step.body["standard"].startswith(GROUP) and not step.body["ground"].strip():
        problems.add("frontrunner-group-first", None, standard=step.body["standard"])
    if any(each.organisation == step.organisation and not each.taken_back for each in cycle.applications):
        problems.add("frontrunner-applied-already", None)


def _take_back(cycle: Cycle, step: Step, problems: Problems) -> None:
    found = cycle.application(step.body["application"])
    if found is None or found.taken_back or found.organisation != step.organisation:
        problems.add("process-application-unknown", None, number=step.body["application"])


def _review(cycle: Cycle, step: Step, problems: Problems) -> None:
    found = cycle.application(step.body["application"])
    if found is None or found.taken_back:
        problems.add("process-application-unknown", None, number=step.body["application"])


def _compare(cycle: Cycle, step: Step, problems: Problems) -> None:
    assert cycle.field is not None, "fixed"
    hashes = step.body["hashes"]
    for name, wanted in (("scheme", cycle.field.scheme), ("scheme_hash", cycle.field.scheme_hash), ("standard", cycle.field.standard),
                         ("standard_hash", cycle.field.content_hash)):  # fmt: skip
        if hashes.get(name) != wanted:
            problems.add("frontrunner-result-other", None, name=name, found=str(hashes.get(name)), wanted=wanted)


def _shortlist(cycle: Cycle, step: Step, problems: Problems) -> None:
    if not step.body["entries"]:
        problems.add("frontrunner-nobody-shortlisted", None)


def _undertake(cycle: Cycle, step: Step, problems: Problems) -> None:
    _entry(cycle, step, problems, ("shortlisted",))
    if not 1 <= len(step.body["documents"]) <= DOCUMENTS_MAX:
        problems.add("frontrunner-documents", None, most=DOCUMENTS_MAX)


def _publicise(cycle: Cycle, step: Step, problems: Problems) -> None:
    if not any(each.undertaking for each in cycle.entries):
        problems.add("frontrunner-no-undertaking", None)


def _object(cycle: Cycle, step: Step, problems: Problems) -> None:
    _entry(cycle, step, problems, ("shortlisted", "out"))
    assert cycle.until is not None, "in publicity"
    if step.at >= cycle.until:
        problems.add("frontrunner-publicity-over", None, until=moment_text(cycle.until))


def _object_public(cycle: Cycle, step: Step, problems: Problems) -> None:
    """What comes without an account is taken in so far as people can read it: a flood is held back, and what was taken in before it stays."""
    _object(cycle, step, problems)
    lately = [each for each in cycle.objections if each.receipt and each.at > step.at - timedelta(hours=1)]
    still = [each for each in cycle.objections if each.receipt and each.is_open]
    if len(lately) >= PUBLIC_AN_HOUR or len(still) >= PUBLIC_OPEN:
        problems.add("frontrunner-objections-many", None, hour=PUBLIC_AN_HOUR, most=PUBLIC_OPEN)


def _aside(cycle: Cycle, step: Step, problems: Problems) -> None:
    """One person proposes to set objections aside, another does; neither raised them."""
    for number in step.body["objections"]:
        found = cycle.objection(number)
        if found is None or not found.is_open:
            problems.add("frontrunner-objection", None, number=number)
        elif step.act == "confirm-aside" and not found.aside_by:
            problems.add("frontrunner-not-aside", None, number=number)
    named = [each for each in cycle.objections if each.number in step.body["objections"]]
    first = {each.by for each in named} | ({each.aside_by for each in named} if step.act == "confirm-aside" else set())
    second_person(first, step.actor, DECIDING[step.act], problems)


def _decide(cycle: Cycle, step: Step, problems: Problems) -> None:
    found = _objection(cycle, step, problems)
    if found is not None:
        second_person((found.by,), step.actor, Title("处理异议", "deciding on an objection"), problems)


def _publish(cycle: Cycle, step: Step, problems: Problems) -> None:
    """The publicity has run its days, every objection is decided, and somebody is on the list."""
    assert cycle.until is not None, "in publicity"
    if step.at < cycle.until:
        problems.add("frontrunner-publicity-runs", None, until=moment_text(cycle.until), days=cycle.days)
    still = [str(each.number) for each in cycle.objections if each.is_open]
    if still:
        problems.add("frontrunner-objections-open", None, numbers=", ".join(still))
    if not any(each.standing == "shortlisted" for each in cycle.entries):
        problems.add("frontrunner-nobody-listed", None)


def _flag(cycle: Cycle, step: Step, problems: Problems) -> None:
    if not step.body["entries"]:
        problems.add("frontrunner-nothing-changed", None)


def _re_evaluate(cycle: Cycle, step: Step, problems: Problems) -> None:
    found = _entry(cycle, step, problems, ("on-list", "suspended"))
    if found is not None and not found.flagged:
        problems.add("frontrunner-not-flagged", None, number=found.number)
    _compare(cycle, step, problems)


def _keep(cycle: Cycle, step: Step, problems: Problems) -> None:
    """An entry whose standard changed stays only where evaluating it anew still shortlists it."""
    found = _entry(cycle, step, problems, ("on-list", "suspended"))
    if found is None:
        return
    if not found.flagged:
        problems.add("frontrunner-not-flagged", None, number=found.number)
    elif found.renewed is not True:
        problems.add("frontrunner-not-renewed", None, number=found.number)


def _suspend(cycle: Cycle, step: Step, problems: Problems) -> None:
    _entry(cycle, step, problems, ("on-list",))


def _reinstate(cycle: Cycle, step: Step, problems: Problems) -> None:
    found = _entry(cycle, step, problems, ("suspended",))
    if found is not None:
        second_person((found.suspended_by,), step.actor, Title("恢复", "reinstating an entry"), problems)
        if found.flagged:
            problems.add("frontrunner-not-renewed", None, number=found.number)


def _remove(cycle: Cycle, step: Step, problems: Problems) -> None:
    _entry(cycle, step, problems, ("on-list", "suspended"))


def _close(cycle: Cycle, step: Step, problems: Problems) -> None:
    still = [str(each.number) for each in cycle.listed if each.flagged]
    if still:
        problems.add("frontrunner-still-flagged", None, numbers=", ".join(still))


SAID: Mapping[str, tuple[str, ...]] = {
    "propose": ("reason",), "decline": ("reason",), "fix": ("opinion",), "apply": ("plan",), "review": ("opinion",), "send-back": ("reason",),
    "undertake": ("text",), "publicise": ("text",), "object": ("ground",), "dismiss": ("reason",), "uphold": ("reason",), "keep": ("reason",),
    "suspend": ("reason",), "reinstate": ("reason",), "remove": ("reason",), "abandon": ("reason",), "declare": ("enterprise", "text"),
    "object-public": ("ground",), "set-aside": ("reason",), "confirm-aside": ("reason",),
}  # fmt: skip
CHECKS: Mapping[str, Check] = {
    "fix": _fix, "apply": _apply, "take-back": _take_back, "review": _review, "compare": _compare, "shortlist": _shortlist,
    "undertake": _undertake, "publicise": _publicise, "object": _object, "object-public": _object_public,
    "set-aside": _aside, "confirm-aside": _aside, "dismiss": _decide, "uphold": _decide, "publish": _publish, "flag": _flag,
    "re-evaluate": _re_evaluate, "keep": _keep, "suspend": _suspend, "reinstate": _reinstate, "remove": _remove, "close": _close,
}  # fmt: skip
