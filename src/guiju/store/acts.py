"""Acts: the steps a process of some kind can take, as data: in which states, by whom, and where each leads; and the taking of one.

Which acts there are, and what must hold for each, is for the part whose process it is. Here is what every such process needs: the words for
"not now" and "not yours", what must be said and how long it may be, the second person, and one transaction in which a step is let in, checked,
added and logged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.standard.model import Title
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.processes import Process, Step, add_step, begin_process, ends_in, histories, process_of, processes_in, take_process

TEXT_MAX = 4_000
Body = Mapping[str, Any]
KEPT_MAX = 30_000
"""Processes of a kind that are kept as lists show them."""


@dataclass(frozen=True, slots=True)
class Act:
    """before   the states in which it can be done
    after    the state it leads to; None: no other
    side     whose act it is, a word of the part
    roles    in the organisation whose act it is
    undoes   the act it takes back
    """

    name: str
    title: Title
    before: tuple[str, ...]
    after: str | None
    side: str
    roles: frozenset[str]
    undoes: str = ""


def act(name: str, zh: str, en: str, before: str, after: str | None, side: str, roles: str, undoes: str = "") -> Act:
    """An act from words between blanks."""
    return Act(name, Title(zh, en), tuple(before.split()), after, side, frozenset(roles.split()), undoes)


def not_now(acts: Mapping[str, Act], states: Mapping[str, Title], state: str, name: str, problems: Problems) -> None:
    """Reports an act that cannot be done in this state, with those that can; the first of a process has no state before it."""
    wanted = acts[name]
    if state in wanted.before or (not state and not wanted.before):
        return
    possible = [each for each in acts.values() if state in each.before]
    facts = {f"possible_{at}": "、".join(getattr(each.title, at) for each in possible) or "–" for at in ("zh", "en")}
    title = states[state] if state else Title("–", "–")
    problems.add("process-not-now", None, act_zh=wanted.title.zh, act_en=wanted.title.en, state_zh=title.zh, state_en=title.en, **facts)


def other_side(wanted: Act, problems: Problems) -> None:
    problems.add("process-other-side", None, act_zh=wanted.title.zh, act_en=wanted.title.en)


def unsaid(body: Body, names: Iterable[str], problems: Problems) -> None:
    """Reports what had to be said and is not."""
    for name in names:
        if not str(body.get(name, "")).strip():
            problems.add("process-unsaid", None, what=name)


def too_long(body: Body, names: Iterable[str], problems: Problems) -> None:
    for name in names:
        if len(str(body.get(name, ""))) > TEXT_MAX:
            problems.add("process-too-long", None, what=name, most=TEXT_MAX)


def second_person(first: Iterable[str], actor: str, what: Title, problems: Problems) -> None:
    """Reports somebody who decides on what they did themselves.

    first   accounts of those who did it
    """
    if actor in first:
        problems.add("process-second-person", None, what_zh=what.zh, what_en=what.en)


@dataclass(frozen=True, slots=True)
class Standing:
    """A process as it stands after its last step, told from its steps.

    runner   the organisation whose process it is
    course   (state, when it was reached)
    """

    id: str
    runner: str
    state: str = ""
    number: int = 0
    course: tuple[tuple[str, datetime], ...] = ()


P = TypeVar("P", bound=Standing)
Sides = Sequence[str] | None
"""The organisations whose an act is; None: anybody's."""


@dataclass(frozen=True)
class Course(Generic[P]):
    """How processes of a kind go.

    begun    a process without a step
    changed  what a step changes, besides the state; never refuses: what was let in once, stays
    sees     who may see a process
    sides    whose an act is
    sound    refuses a step that does not hold
    long     acts with much to say that a list does not need
    kept     last step → the process as a list shows it; steps never change, whoever writes
    """

    kind: str
    acts: Mapping[str, Act]
    states: Mapping[str, Title]
    begun: type[P]
    changed: Callable[[P, Step], P]
    sees: Callable[[P, Somebody], bool]
    sides: Callable[[Connection, P, Act], Sides]
    sound: Callable[[Connection, P, Step], None]
    long: Collection[str] = frozenset()
    kept: dict[str, P] = field(default_factory=dict, repr=False, compare=False)

    def told(self, held: Process, steps: Iterable[Step], unread: Collection[str] = ()) -> P:
        """A process from all of its steps. unread: acts whose bodies were not read"""
        found = self.begun(held.id, held.organisation)
        for step in steps:
            found = self.applied(found, step, step.act not in unread)
        return found

    def applied(self, before: P, step: Step, is_read: bool = True) -> P:
        """The process one step further; of a step whose body was not read, only that it was taken."""
        state = self.acts[step.act].after or before.state
        course = before.course if state == before.state else (*before.course, (state, step.at))
        return replace(self.changed(before, step) if is_read else before, number=step.number, state=state, course=course)

    def told_in(self, connection: Connection, states: Sequence[str] | None = None, before: str = "") -> Iterator[tuple[Process, P]]:
        """Every process of the kind, the newest first, hundreds to a question.

        states   those in one of these only
        before   a page before an identifier
        """
        for held, steps in histories(connection, processes_in(connection, self.kind, states=states, before=before)):
            yield held, self.told(held, steps)

    def listed_in(self, connection: Connection, states: Sequence[str] | None = None) -> list[tuple[Process, P]]:
        """Every process of the kind, the newest first, without what its `long` acts say.

        What was told of one is kept until it has another step, so that a list asks only for what is new.
        """
        ends = ends_in(connection, self.kind, states)
        known = {held.id: self.kept.get(end) for held, end in ends}
        wanted = histories(connection, [held for held, _ in ends if known[held.id] is None], self.long)
        new = {held.id: self.told(held, steps, self.long) for held, steps in wanted}
        if len(self.kept) + len(new) > KEPT_MAX:
            self.kept.clear()
        self.kept.update({end: new[held.id] for held, end in ends if held.id in new})
        return [(held, known[held.id] or new[held.id]) for held, _ in ends]

    def for_all(self, store: Store, who: Somebody) -> list[tuple[Process, P]]:
        """Every process that somebody may see, the newest first, as in a list."""
        with store.reading() as connection:
            return [(held, found) for held, found in self.listed_in(connection) if self.sees(found, who)]

    def for_one(self, store: Store, who: Somebody, id_: str) -> tuple[P, list[Step]]:
        """A process that somebody may see, and its steps.

        raises   Refused: unknown-process, also for one that may not be seen
        """
        held, steps = process_of(store, self.kind, id_)
        found = self.told(held, steps)
        self._refuse_unseen(found, who)
        return found, steps

    def _refuse_unseen(self, found: P, who: Somebody) -> None:
        if not self.sees(found, who):
            raise Refused([Diagnostic("unknown-process", None, {"name": found.id})])

    def possible(self, found: P, who: Somebody, sides: Callable[[Act], Sides], but: Collection[str] = ()) -> list[Act]:
        """The acts that somebody may do now, by state, side and role; what is done then may still not hold. but: others than these"""
        open_now = (each for each in self.acts.values() if found.state in each.before and each.name not in but)
        return [each for each in open_now if _able(sides(each), each, who)]

    def admitted(self, connection: Connection, found: P, name: str, who: Somebody, organisation: str | None = None) -> str:
        """The organisation an act is done for.

        organisation   that somebody says they act for, where it is not told by the act itself
        raises         Refused: unknown-process, not-allowed-there, process-not-now, process-other-side
        """
        wanted, problems = self.acts[name], Problems()
        if found.number:
            self._refuse_unseen(found, who)
        sides = self.sides(connection, found, wanted)
        if not organisation or (sides is not None and organisation not in sides):
            able = _able(sides, wanted, who)
            is_own = sides is None and who.organisation in able
            organisation = who.organisation if is_own else next(iter(able or sides or ()), organisation)
        whose = who.acting_for(organisation, wanted.roles)
        not_now(self.acts, self.states, found.state, name, problems)
        if sides is not None and whose not in sides:
            other_side(wanted, problems)
        problems.refuse_errors()
        return whose


def _able(sides: Sides, wanted: Act, who: Somebody) -> list[str]:
    """The organisations, among those whose an act is, in which somebody has a role for it."""
    return [each for each in (who.organisations if sides is None else sides) if wanted.roles & who.organisations.get(each, frozenset())]


Make = Callable[[Connection, P], Body]


def take_step(store: Store, course: Course[P], who: Somebody, id_: str, name: str, body: Body | Make[P], organisation: str | None = None) -> P:
    """Takes a step, in a transaction of its own; gives the process after it.

    body           or what makes it, in the transaction, of the process as it stands then
    organisation   that somebody acts for, where it is not told by the act itself
    raises         Refused: unknown-process, and what `admitted` and `sound` find
    """
    with store.writing() as connection:
        return step_within(store, connection, course, who, id_, name, body, organisation)


def step_within(
    store: Store, connection: Connection, course: Course[P], who: Somebody, id_: str, name: str, body: Body | Make[P],
    organisation: str | None = None,
) -> P:  # fmt: skip
    """The same in the transaction of the connection, for steps of several processes that are taken together or not at all."""
    held, steps = take_process(connection, course.kind, id_)
    return _taken(store, connection, course, who, held, course.told(held, steps), name, body, organisation)


def begin_within(
    store: Store, connection: Connection, course: Course[P], who: Somebody, runner: str, title: str, name: str, body: Body | Make[P],
    organisation: str | None = None,
) -> P:  # fmt: skip
    """A new process with its first step.

    runner   the organisation whose process it is
    """
    held = begin_process(connection, course.kind, runner, title, store.clock(connection), who.id)
    return _taken(store, connection, course, who, held, course.told(held, ()), name, body, organisation)


def _taken(
    store: Store, connection: Connection, course: Course[P], who: Somebody, held: Process, before: P, name: str, body: Body | Make[P],
    organisation: str | None,
) -> P:  # fmt: skip
    whose = course.admitted(connection, before, name, who, organisation)
    made = body(connection, before) if callable(body) else body
    step = Step(before.number + 1, name, whose, who.id, store.clock(connection), made)
    course.sound(connection, before, step)
    after = course.applied(before, step)
    add_step(connection, held, step, after.state)
    return after
