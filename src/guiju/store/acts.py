"""Acts: the steps a process of some kind can take, as data: in which states, by whom, and where each leads; and the taking of one.

Which acts there are, and what must hold for each, is for the part whose process it is. Here is what every such process needs: the words for
"not now" and "not yours", what must be said and how long it may be, the second person, and one transaction in which a step is let in, checked,
added and logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from guiju.base.diagnostics import Problems
from guiju.standard.model import Title
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.processes import Process, Step, add_step, begin_process, take_process

TEXT_MAX = 4_000
Body = Mapping[str, Any]


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


class Standing(Protocol):
    """A process as it stands, told from its steps."""

    @property
    def state(self) -> str: ...
    @property
    def number(self) -> int: ...


P = TypeVar("P", bound=Standing)


@dataclass(frozen=True)
class Course(Generic[P]):
    """How processes of a kind go.

    told      a process from its steps; of one just begun, from none
    admitted  the organisation an act is done for; refuses who may not see the process, whose act it is not, what is not possible now
    sound     refuses a step that does not hold
    applied   the process one step further
    """

    kind: str
    told: Callable[[Process, Sequence[Step]], P]
    admitted: Callable[[Connection, P, str, Somebody, str | None], str]
    sound: Callable[[Connection, P, Step], None]
    applied: Callable[[P, Step], P]


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
