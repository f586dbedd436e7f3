"""What must hold before a step of a certificate is taken, besides state and side. Each check says everything that is wrong, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Connection

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.cycle_checks import DOCUMENTS_MAX
from guiju.frontrunner.process.interests import refuse_conflicts
from guiju.frontrunner.process.states import CERTIFICATE_ACTS
from guiju.standard.model import Title
from guiju.store.acts import second_person, too_long, unsaid
from guiju.store.processes import Step

Check = Callable[[Certificate, Step, Problems], None]
MODELS_MAX, ROWS_MAX = 500, 20_000
LONGEST_YEARS, LAST_YEAR = 5, 9_000
OUTCOMES = ("pass", "fail")
JUDGING = ("evaluate", "send-back", "grant", "refuse", "reconsider", "issue", "surveil", "suspend", "reinstate", "withdraw")
"""Acts of evaluators and reviewers: for nobody with an interest in the enterprise."""
DECIDING = {
    "grant": Title("发证决定", "the decision"), "refuse": Title("不予发证的决定", "the decision"),
    "reconsider": Title("撤回决定", "taking the decision back"),
}  # fmt: skip


def refuse_unsound(connection: Connection, found: Certificate, step: Step) -> None:
    """Refuses a step that is open now and does not hold, with every reason.

    raises   Refused
    """
    problems, wanted = Problems(), CERTIFICATE_ACTS[step.act]
    too_long(step.body, ("reason", "text", "undertaking"), problems)
    unsaid(step.body, SAID.get(step.act, ()), problems)
    if step.act in CHECKS:
        CHECKS[step.act](found, step, problems)
    if step.act in JUDGING:
        assert found.subject is not None, "applied for"
        refuse_conflicts(connection, wanted, step, (found.subject.enterprise,), found.interests, problems)
        second_person((found.applied_by,), step.actor, wanted.title, problems)
    if step.act in DECIDING and found.evaluated is not None:
        second_person((found.evaluated.by,), step.actor, DECIDING[step.act], problems)
    if step.act in RUNNING and found.state_on(step.at.date()) == "expired":
        problems.add("frontrunner-certificate-expired", None)
    problems.refuse_errors()


RUNNING = ("surveil", "suspend", "reinstate", "renew")
"""Acts on a certificate that runs."""


def _apply(found: Certificate, step: Step, problems: Problems) -> None:
    models = step.body["models"]
    if not 1 <= len(models) <= MODELS_MAX or len(set(models)) != len(models) or not all(each.strip() for each in models):
        problems.add("frontrunner-models", None, most=MODELS_MAX)


def _evidence(found: Certificate, step: Step, problems: Problems) -> None:
    """Every row is of a model applied for and says who measured it; every model has some."""
    if len(step.body.get("documents", ())) > DOCUMENTS_MAX:
        problems.add("frontrunner-documents", None, most=DOCUMENTS_MAX)
    assert found.subject is not None, "applied for"
    rows = step.body["rows"]
    if not 1 <= len(rows) <= ROWS_MAX:
        problems.add("frontrunner-evidence-rows", None, most=ROWS_MAX)
    for number, row in enumerate(rows, 1):
        if row["model"] not in found.subject.models:
            problems.add("frontrunner-evidence-model", None, row=number, model=row["model"], known=", ".join(found.subject.models[:10]))
        for name in ("input", "value", "laboratory", "report"):
            if not row[name].strip():
                problems.add("frontrunner-evidence-lacks", None, row=number, name=name)
        if row["measured"] and parse_date(row["measured"]) is None:
            problems.add("frontrunner-evidence-date", None, row=number, text=row["measured"])
    given = Counter((row["model"], row["input"]) for row in rows)
    for model, name in sorted(each for each, times in given.items() if times > 1):
        problems.add("frontrunner-evidence-twice", None, model=model, name=name)
    for model in found.subject.models:
        if model not in {row["model"] for row in rows}:
            problems.add("frontrunner-evidence-none", None, model=model)


def _moved(found: Certificate, step: Step, problems: Problems) -> None:
    """What was computed is of the evidence as it is now."""
    if step.body["evidence"] != found.evidence.get("sha256"):
        problems.add("process-moved", None)


def _grant(found: Certificate, step: Step, problems: Problems) -> None:
    """Only what the evaluation shows is certified, for days that make sense."""
    assert found.evaluated is not None, "evaluated"
    if not found.evaluated.conforms:
        problems.add("frontrunner-not-shown", None, why_zh=_why(found, "zh"), why_en=_why(found, "en"))
    begins, ends = parse_date(step.body["valid_from"]), parse_date(step.body["valid_until"])
    if begins is None or ends is None:
        problems.add("not-a-date", None, text=step.body["valid_until"] if begins else step.body["valid_from"])
    elif begins.year > LAST_YEAR or not begins < ends <= date(begins.year + LONGEST_YEARS, begins.month, min(begins.day, 28)):
        problems.add("frontrunner-validity", None, begins=begins.isoformat(), ends=ends.isoformat(), years=LONGEST_YEARS)
    elif ends < step.at.date():
        problems.add("frontrunner-certificate-expired", None)


def _why(found: Certificate, language: str) -> str:
    assert found.evaluated is not None, "evaluated"
    return "；".join(each[language] for each in found.evaluated.found["why_not"]) or "–"


def _surveil(found: Certificate, step: Step, problems: Problems) -> None:
    due = parse_date(step.body["due"]) if step.body["due"] else None
    if step.body["due"] and due not in found.overdue:
        problems.add("frontrunner-not-due", None, due=step.body["due"], known=", ".join(map(str, found.overdue)) or "–")
    if step.body["outcome"] not in OUTCOMES:
        problems.add("point-word", None, what_zh="结果", what_en="outcome", word=step.body["outcome"], known=", ".join(OUTCOMES))


def _reinstate(found: Certificate, step: Step, problems: Problems) -> None:
    second_person((found.suspended_by,), step.actor, Title("恢复证书", "reinstating a certificate"), problems)


def _renew(found: Certificate, step: Step, problems: Problems) -> None:
    if found.renewed_by:
        problems.add("frontrunner-renewed-already", None, by=found.renewed_by)


SAID: Mapping[str, tuple[str, ...]] = {
    "apply": ("undertaking", "standard", "edition"), "send-back": ("reason",), "grant": ("reason",), "refuse": ("reason",), "reconsider": ("reason",),
    "surveil": ("text",), "suspend": ("reason",), "reinstate": ("reason",), "withdraw": ("reason",), "give-up": ("reason",),
    "declare": ("enterprise", "text"),
}  # fmt: skip
CHECKS: Mapping[str, Check] = {
    "apply": _apply, "evidence": _evidence, "evaluate": _moved, "grant": _grant, "surveil": _surveil, "reinstate": _reinstate, "renew": _renew,
}  # fmt: skip
