"""Acting: the steps of a verification, taken in the store: let in, checked, added and logged in one transaction, one at a time for a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection

from guiju.api.asker import Asker
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.units import parse_unit
from guiju.ir.program import Program
from guiju.standard.dictionary import Dictionary
from guiju.store.acts import Act, Body, Course, Make, Sides, begin_within, take_step
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.people import account_in, accounts
from guiju.store.processes import Process, Step, seal, unsealed
from guiju.verify.process.analysis import studies_of
from guiju.verify.process.blind import blinded
from guiju.verify.process.checks import refuse_other_holder, refuse_unsound
from guiju.verify.process.matching import FITS, Fit, Need, answer
from guiju.verify.process.plan import Asked, plan_body
from guiju.verify.process.project import KIND, Item, Project, changed
from guiju.verify.process.proposing import Proposal
from guiju.verify.process.register import owner_of, point_named
from guiju.verify.process.states import ACTS, PUBLISHED, STATES


def project_of(store: Store, who: Asker, id_: str) -> tuple[Project, list[Step]]:
    """A project that may be seen, and its steps.

    raises   Refused: unknown-process, also for one that may not be seen
    """
    return VERIFICATION.for_one(store, who, id_)


def projects_for(store: Store, who: Asker) -> list[tuple[Process, Project]]:
    """Every project that may be seen, the newest first: of each its demand, its state, and who applied."""
    return VERIFICATION.for_all(store, who)


def may_see(project: Project, who: Somebody) -> bool:
    """Whose it is, who works in it, whoever is signed in while it calls for points; everybody once there is a conclusion."""
    working = {each.organisation for each in project.applications} | {each.organisation for each in project.orders}
    own = {organisation for organisation, roles in who.organisations.items() if roles}
    is_concerned = not own.isdisjoint(working | {project.runner, project.demander})
    return is_concerned or project.state in PUBLISHED or (project.state == "calling" and who.is_signed_in)


def sides_of(project: Project, wanted: Act) -> Sides:
    """The organisations whose an act is."""
    match wanted.side:
        case "demander":
            return (project.demander,)
        case "either":
            return (project.runner, project.demander)
        case "lab" if wanted.name != "apply":
            return (*(each.organisation for each in project.orders), *(each.organisation for each in project.applications))
        case "lab" | "anybody":
            return None
        case _:
            return (project.runner,)


VERIFICATION = Course(
    KIND, ACTS, STATES, Project, changed, may_see, lambda _, project, wanted: sides_of(project, wanted),
    lambda _, project, step: refuse_unsound(project, step), long=ACTS.keys() - {"demand", "apply"},
)  # fmt: skip


def possible(project: Project, who: Somebody) -> list[Act]:
    """The acts that somebody may do now, by state, side and role; what is done then may still not hold."""
    return VERIFICATION.possible(project, who, partial(sides_of, project), () if who.id == project.key_holder else ("lift",))


def demand(store: Store, who: Asker, runner: str, program: Program, said: Mapping[str, str], organisation: str | None = None) -> Project:
    """Asks the organisation that runs verifications for one of a standard: a new project.

    said     stage, reason
    raises   Refused: not-allowed-there, and what is wrong with what is said
    """
    standard = program.standard
    body = {"standard": standard.number, "edition": str(standard.edition), "content_hash": program.content_hash, "on": program.on.isoformat(),
            "stage": said["stage"], "reason": said["reason"]}  # fmt: skip
    with store.writing() as connection:
        return begin_within(store, connection, VERIFICATION, who, runner, standard.number, "demand", body, organisation or who.organisation)


def act(store: Store, who: Asker, id_: str, name: str, body: Body | Make[Project], organisation: str | None = None) -> Project:
    """Takes a step; gives the project after it.

    body           or what makes it, in the transaction, of the project as it stands then
    organisation   that somebody acts for, where it is not told by the act itself
    raises         Refused: unknown-process, not-allowed-there, process-not-now, process-other-side, and what does not hold
    """
    wanted = ACTS[name]
    try:
        return take_step(store, VERIFICATION, who, id_, name, body, organisation)
    except Refused as refused:
        is_for_two = any(each.code == "process-second-person" for each in refused.diagnostics)
        if is_for_two and not others_for(store, project_of(store, who, id_)[0], wanted, who):
            raise Refused([*refused.diagnostics, alone(wanted)]) from None
        raise


def others_for(store: Store, project: Project, wanted: Act, who: Somebody) -> bool:
    """Whether another account than that of whoever asks may take a step."""
    sides = sides_of(project, wanted) or ()
    every = (each for each in accounts(store) if each.id != who.id and each.disabled_at is None)
    return any(each.has(role, organisation) for each in every for organisation in sides for role in wanted.roles)


def alone(wanted: Act) -> Diagnostic:
    """What to do where one person has every account that may take a step."""
    roles = sorted(wanted.roles)
    return Diagnostic("process-alone", None, {"act_zh": wanted.title.zh, "act_en": wanted.title.en, "roles": ", ".join(roles), "role": roles[0]})


# what is made of a project as it stands


def plan(store: Store, who: Asker, id_: str, program: Program, dictionary: Dictionary, asked: Asked) -> Project:
    """Plans what of a standard is verified, of its text as it stands on the shelf now.

    raises   Refused: what `plan_body` finds
    """
    return act(store, who, id_, "plan", {**plan_body(program, dictionary, asked), "content_hash": program.content_hash})


def apply(store: Store, who: Asker, id_: str, dictionary: Dictionary, code: str, laboratory: str, on: date) -> Project:
    """Offers a point for what it is able to measure of the plan.

    on       the day on which its capabilities must hold
    raises   Refused: unknown-point, process-point-foreign, process-point-not-able
    """
    listed = point_named(store, dictionary, code)
    owner, point = owner_of(store, listed), listed.point
    if owner is None:
        raise Refused([Diagnostic("process-point-foreign", None, {"point": code})])

    def body(_: Connection, project: Project) -> Body:
        assert project.plan is not None, "calling"
        answers = [answer(_need(each), point, on) for each in project.plan.items]
        able = [each.need.id for each in answers if each.is_able]
        problems = Problems()
        if answers and not able:
            for each in answers:
                problems.add("process-point-not-able", None, point=code, item_zh=each.need.title.zh, item_en=each.need.title.en, **_fit(each.fit))
        if laboratory and laboratory not in point.laboratories:
            problems.add("point-word", None, what_zh="实验室", what_en="laboratory", word=laboratory, known=", ".join(point.laboratories))
        problems.refuse_errors()
        return {"point": code, "zh": point.title.zh, "en": point.title.en, "items": able, "laboratory": laboratory,
                "illustrative": point.source.is_illustrative}  # fmt: skip

    return act(store, who, id_, "apply", body, owner)


def _need(item: Item) -> Need:
    unit = parse_unit(item.unit) if item.unit else None
    return Need(item.id, item.clause, "", item.property, item.title, item.method or None, unit, item.decimals, item.low, item.high, True)


def _fit(fit: Fit) -> dict[str, str]:
    title = FITS[fit][1]
    return {"why_zh": title.zh, "why_en": title.en}


def withdraw(store: Store, who: Asker, id_: str, application: int) -> Project:
    """
    raises   Refused: process-application-unknown, also for another's
    """
    project, _ = project_of(store, who, id_)
    found = project.application(application)
    if found is None or found.organisation not in who.organisations:
        raise Refused([Diagnostic("process-application-unknown", None, {"number": str(application)})])
    return act(store, who, id_, "withdraw", {"application": application}, found.organisation)


def assign(store: Store, who: Asker, id_: str, applications: Sequence[int], key_holder: str, reason: str = "") -> Project:
    """Makes the orders of the applications chosen, with blind codes, and seals what the codes stand for.

    key_holder   identifier of an account with the role operator where the project is run: who prepares the samples, and lifts the blinding
    raises       Refused: process-key-holder, and what does not hold
    """

    def body(connection: Connection, project: Project) -> Body:
        holder = _keeper(connection, project, key_holder)
        said = {"applications": list(applications), "key_holder": holder, "reason": reason, "orders": [], "seals": {}}
        refuse_unsound(project, Step(0, "assign", project.runner, who.id, store.clock(connection), said))
        assert project.plan is not None, "calling"
        made = blinded(len(applications), project.plan.levels, project.plan.replicates)
        held = _process(project, who)
        now = store.clock(connection)
        seals = {name: seal(connection, held, name, getattr(made, name), now, who.id) for name in ("samples", "laboratories")}
        orders = [{"application": number, "codes": list(codes)} for number, codes in zip(applications, made.codes, strict=True)]
        return {**said, "orders": orders, "seals": seals}

    return act(store, who, id_, "assign", body)


def hand_over(store: Store, who: Asker, id_: str, key_holder: str, reason: str) -> Project:
    """Gives the key to the blind codes to another account, where who holds it has left; the one before can no longer look.

    key_holder   identifier of an account with the role operator where the project is run
    raises       Refused: process-key-holder, process-key-not-to, process-second-person, process-unsaid
    """

    def body(connection: Connection, project: Project) -> Body:
        return {"key_holder": _keeper(connection, project, key_holder), "from": project.key_holder, "reason": reason}

    return act(store, who, id_, "hand-over", body)


def _keeper(connection: Connection, project: Project, id_: str) -> str:
    """
    raises   Refused: process-key-holder
    """
    holder = account_in(connection, id_)
    if holder is None or holder.disabled_at is not None or not holder.has("operator", project.runner):
        raise Refused([Diagnostic("process-key-holder", None, {"name": id_})])
    return holder.id


def _process(project: Project, who: Asker) -> Process:
    at = project.course[0][1]
    return Process(project.id, KIND, project.runner, project.standard, project.state, project.number, at, who.id)


def enter(store: Store, who: Asker, id_: str, order: int, values: Mapping[str, Mapping[str, str]], notes: Mapping[str, str], *,
          submit: bool, after: int) -> Project:  # fmt: skip
    """Writes the sheet of an order, whole; every sheet before stays in the log.

    values   code → item → as written
    submit   it is complete: the door must have nothing against it
    after    how many times it had been written when this was begun, so that nobody writes over what another wrote meanwhile
    raises   Refused: process-order-unknown, also for another's; process-moved; what the door has against a sheet that is submitted
    """
    project, _ = project_of(store, who, id_)
    found = project.order(order)
    if found is None or found.organisation not in who.organisations:
        raise Refused([Diagnostic("process-order-unknown", None, {"number": str(order)})])
    kept = {code: {item: text.strip() for item, text in row.items() if text.strip()} for code, row in values.items()}
    noted = {code: text.strip() for code, text in notes.items() if text.strip()}
    body = {"order": order, "values": {code: row for code, row in kept.items() if row}, "notes": noted, "submit": submit, "after": after}
    return act(store, who, id_, "enter", body, found.organisation)


def lift(store: Store, who: Asker, id_: str) -> Project:
    """Opens what the codes stand for, for the analysis; whose results they are stays sealed until there is a conclusion."""

    def body(connection: Connection, project: Project) -> Body:
        refuse_other_holder(project, who.id)
        return unsealed(connection, project.id, "samples")

    return act(store, who, id_, "lift", body)


def analyse(store: Store, who: Asker, id_: str, edition: str, names: Mapping[str, str]) -> Project:
    """The precision of every quantity, by what `guiju verify precision` computes.

    names    account → how it is called, for the exclusions
    raises   Refused: what the analysis refuses; process-moved, where an exclusion came between
    """
    project, _ = project_of(store, who, id_)
    with store.reading() as connection:
        VERIFICATION.admitted(connection, project, "analyse", who)
    studies = {item: {"sha256": hash_, "result": result} for item, (hash_, result) in studies_of(project, edition, names).items()}
    body = {"edition": edition, "exclusions": [each.number for each in project.excluded], "studies": studies}
    return act(store, who, id_, "analyse", body)


def concluding(store: Store, who: Asker, id_: str) -> Project:
    """A project that somebody may conclude now, to propose a conclusion of it.

    raises   Refused: unknown-process, not-allowed-there, process-not-now, process-other-side
    """
    project, _ = project_of(store, who, id_)
    with store.reading() as connection:
        VERIFICATION.admitted(connection, project, "conclude", who)
    return project


def conclude(store: Store, who: Asker, id_: str, clauses: Mapping[str, Mapping[str, Mapping[str, str]]], text: str, proposed: Proposal) -> Project:
    """Concludes; what was proposed is kept beside it.

    clauses    number → aspect → verdict, ground
    proposed   of the project as it stands now: what differs from it has a ground
    raises     Refused: process-moved, process-differs, and what else does not hold
    """
    said = {no: {a: {"verdict": each["verdict"], "ground": each.get("ground", "")} for a, each in by.items()} for no, by in clauses.items()}

    def body(connection: Connection, project: Project) -> Body:
        if proposed.after != project.number:
            raise Refused([Diagnostic("process-moved", None, {})])
        return {"clauses": said, "text": text, "proposed": dict(proposed.said), **unsealed(connection, project.id, "laboratories")}

    return act(store, who, id_, "conclude", body)
