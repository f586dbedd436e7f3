"""Reading: the claims an advertising text makes: numbers and what they are about, levels, status, superlatives; and what is not understood.

A clause is read by itself: the number, its unit, the nearest word of a quantity with that dimension, the test cycle of the clause or of the one
before it. What is negated, asked, relative or under a condition is read but never held against anything.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from guiju.base.units import Unit
from guiju.frontrunner.zone.numerals import Numeral, folded, numerals
from guiju.frontrunner.zone.words import Topic, Words

Kind = Literal["value", "level", "front-runner", "certified", "certificate", "superlative", "unread"]
Why = Literal["negated", "question", "relative", "condition", "no-topic", "no-unit", "several-topics", "list", "no-value", "other-levels", "partial"]
_SENTENCE = re.compile(r"[。!?;\n|]+|\.(?=\s|$)")
_CLAUSE = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),|[、()\[\]【】]|\s-\s")
_BETWEEN = re.compile(r"\s*(?:-|~|至|到|to)\s*$")
_LISTED = re.compile(r"\s*/\s*$")
_DIGIT = re.compile(r"\d")
_BESIDE = " :里程为达到至可是of" + "\0"
_COUNTED = re.compile(r"\s*(?:级|星|款|代|门|座|挡|档|年|月|号|位|家|个|次|种|大|项|区|(?:st|nd|rd|th)\b)")
TEXT_MAX, PARTS_MAX = 20_000, 1_000
"""Characters of a text that are read, and its numbers and separators: as many as no advertisement has, since each is held against its neighbours."""
CLAUSE_MAX = 200
"""Characters of a clause: a longer one is read in pieces, since each claim is held against the whole of its clause."""
_PART = re.compile(r"\d+|[,、。!?;\n|()\[\]【】/]")
_NUMBER_MAX = 40
"""Characters before a clause in which a number that reaches into it may begin."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a text says.

    start, end   place in the text
    low, high    of a number or a range, in `unit`; `step`: one of the last digit written
    means        exact, or a qualifier of claims.yaml
    cycle        named by the text; None where it names none
    topic        what it is about; for levels and status None where the text does not say
    level        1, 2 or 3
    number       of a certificate
    why          it was read but cannot be held against anything, of kind `unread`
    """

    kind: Kind
    start: int
    end: int
    topic: Topic | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    unit: Unit | None = None
    step: Fraction | None = None
    means: str = "exact"
    cycle: str | None = None
    properties: tuple[str, ...] = ()
    level: int | None = None
    number: str | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    sentence: int


def claims(text: str, words: Words, named: Sequence[tuple[int, int]] = ()) -> tuple[Claim, ...]:
    """What a text says, in its order.

    text    read up to its `reach`
    named   places of names of products, in which nothing is a claim
    """
    plain = _masked(folded(text[: reach(text)]), named)
    found = list(_certificates(plain, words))
    plain = _masked(plain, [(each.start, each.end) for each in found])
    said = _Said(plain, _numberless(plain, words.ignore), tuple(_clauses(plain)), words)
    numbers = [claim for clause in said.clauses for claim in _numbers(said, clause)]
    free = replace(said, text=_masked(plain, [(each.start, each.end) for each in numbers]))
    found += [*numbers, *(claim for clause in said.clauses for claim in _worded(free, clause, numbers))]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def reach(text: str) -> int:
    """How many characters of a text are read: TEXT_MAX, and no more than have PARTS_MAX numbers and separators."""
    read = folded(text[:TEXT_MAX])
    beyond = next(itertools.islice(_PART.finditer(read), PARTS_MAX, None), None)
    return beyond.start() if beyond else len(read)


@dataclass(frozen=True, slots=True)
class _Said:
    """A text, half-width. numbers   the same without the digits of what is no claim: numbers of standards, dates"""

    text: str
    numbers: str
    clauses: tuple[_Clause, ...]
    words: Words

    def of(self, clause: _Clause) -> str:
        return self.text[clause.start : clause.end]

    def around(self, clause: _Clause, made: Claim) -> str:
        """The clause without the claim."""
        return self.text[clause.start : made.start] + "\0" + self.text[made.end : max(clause.end, made.end)]

    def before(self, clause: _Clause) -> Iterator[_Clause]:
        """The clauses of the same sentence before this one, the nearest first, up to one that has a number of its own."""
        for each in reversed(self.clauses):
            if each.sentence == clause.sentence and each.start < clause.start:
                if any(True for _ in _found_in(self, each)):
                    return
                yield each


def _found_in(said: _Said, clause: _Clause) -> Iterator[Numeral]:
    """From where a number that reaches into the clause could begin."""
    start = clause.start
    while start > max(0, clause.start - _NUMBER_MAX) and not said.numbers[start - 1].isspace():
        start -= 1
    return (each for each in numerals(said.numbers[: clause.end], said.words.unit, start) if each.start >= clause.start)


def _numberless(text: str, ignored: re.Pattern[str]) -> str:
    return ignored.sub(lambda found: _DIGIT.sub("\0", found[0]), text)


def _masked(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with these places blank, every other character where it was."""
    for start, end in places:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _clauses(text: str) -> Iterator[_Clause]:
    start = 0
    for number, (begin, end) in enumerate(_parts(text, _SENTENCE, 0, len(text))):
        for start, stop in _parts(text, _CLAUSE, begin, end):
            for first in range(start, stop, CLAUSE_MAX):
                last = min(first + CLAUSE_MAX, stop)
                if text[first:last].strip():
                    yield _Clause(first, last, number)


def _parts(text: str, between: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in between.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _certificates(text: str, words: Words) -> Iterator[Claim]:
    for found in words.certificate_number.finditer(text):
        number = found["number"].rstrip("./-")
        if any(sign.isdigit() for sign in number):
            yield Claim("certificate", found.start(), found.start("number") + len(number), number=number)


# numbers


def _numbers(said: _Said, clause: _Clause) -> Iterator[Claim]:
    """The numbers of a clause; two that are parted by a dash are a range, several parted by strokes a list."""
    waiting: list[Numeral] = []
    done = 0
    for each in _found_in(said, clause):
        if each.start < done:
            continue  # the 100 of kWh/100km
        if waiting and not _joined(said.text[waiting[-1].end : each.start]):
            yield from _alone(said, waiting)
            waiting = []
        unit = said.words.unit.match(said.text, each.end, len(said.text))
        waiting.append(each)
        if unit is not None:
            yield _number(said, clause, tuple(waiting), unit)
            waiting, done = [], unit.end()
    yield from _alone(said, waiting)


def _joined(between: str) -> bool:
    return bool(_BETWEEN.match(between) or _LISTED.match(between))


def _alone(said: _Said, found: Sequence[Numeral]) -> Iterator[Claim]:
    """Numbers that have no unit, where they aren't ordinals or counts of something."""
    for each in found:
        around = said.text[max(0, each.start - 6) : each.end + 6]
        if not any(level.search(around) for level in said.words.levels.values()) and not _COUNTED.match(said.text, each.end):
            yield Claim("unread", each.start, each.end, why="no-unit")


def _number(said: _Said, clause: _Clause, found: tuple[Numeral, ...], unit: re.Match[str]) -> Claim:
    """One number with its unit, or a range, as a claim."""
    made = Claim("value", found[0].start, unit.end(), low=found[0].value, high=found[-1].value, unit=said.words.units[unit["unit"]],
                 step=max(each.step for each in found), means="between" if len(found) == 2 else "exact")  # fmt: skip
    if any(_LISTED.match(said.text[a.end : b.start]) for a, b in itertools.pairwise(found)):
        return replace(made, kind="unread", why="list")
    made = _qualified(said, clause, _about(said, clause, made))
    if made.kind == "unread":
        return made
    why = _unheld(said, clause, made)
    return replace(made, kind="unread", why=why) if why else made


def _qualified(said: _Said, clause: _Clause, made: Claim) -> Claim:
    """With how the number is meant, said right before or after it, or before the word of its topic; those words belong to its place."""
    starts = [made.start]
    if made.topic is not None:
        hits = made.topic.words.finditer(said.text, clause.start, made.start)
        starts += [each.start() for each in hits if not said.text[each.end() : made.start].strip(_BESIDE)]
    for name, (before, after) in said.words.qualifiers.items():
        found = next((hit for start in starts if (hit := before.search(said.text[clause.start : start]))), None)
        behind = after.match(said.text, made.end) if after else None
        if found or behind:
            means = made.means if made.means == "between" else name
            step = _about_step(made, said.words.about_digits) if means == "about" else made.step
            start = clause.start + found.start() if found else made.start
            return replace(made, step=step, means=means, start=start, end=behind.end() if behind else made.end)
    return made


def _about_step(made: Claim, digits: int) -> Fraction:
    """One of the last digit that is not 0, but no coarser than so many significant digits: 10 of about 500, 1 of about 515."""
    assert made.low is not None and made.step is not None
    step = made.step
    while made.low and (made.low / (step * 10)).denominator == 1 and step * 10**digits <= abs(made.low):
        step *= 10
    return step


def _about(said: _Said, clause: _Clause, made: Claim) -> Claim:
    """With the topic whose word stands nearest among those of its dimension, and with the cycle; unread where there is none."""
    assert made.unit is not None
    near: list[tuple[int, Topic, Unit]] = []
    for place in (clause, *said.before(clause)):
        for topic in said.words.topics:
            per = topic.per
            unit = per[2] if per and made.unit.text == per[0] and per[1].search(said.text, place.start, clause.end) else made.unit
            if topic.holds(unit):
                near += [(_distance(word, made), topic, unit) for word in topic.words.finditer(said.text, place.start, place.end)]
        if near:
            break
    least = min((distance for distance, _, _ in near), default=0)
    nearest = {topic.id: (topic, unit) for distance, topic, unit in near if distance == least}
    if len(nearest) != 1:
        none: Why = "relative" if said.words.relative.search(said.around(clause, made)) else "no-topic"
        return replace(made, kind="unread", why="several-topics" if nearest else none)
    topic, unit = next(iter(nearest.values()))
    if topic.unless and topic.unless.search(said.of(clause)):
        return replace(made, kind="unread", topic=topic, why="partial")
    apart = [name for name, chosen in topic.apart.items() if chosen.search(said.of(clause))]
    return replace(made, topic=topic, unit=unit, cycle=_cycle(said, clause, made), properties=tuple(apart) or topic.properties)


def _distance(word: re.Match[str], made: Claim) -> int:
    return made.start - word.end() if word.end() <= made.start else max(0, word.start() - made.end)


def _cycle(said: _Said, clause: _Clause, made: Claim) -> str | None:
    """The cycle named nearest in the clause; else in brackets right after it; else in the clauses before, the nearest first."""
    after = next((each for each in said.clauses if each.sentence == clause.sentence and each.start > clause.start), None)
    bracket = [after] if after is not None and said.text[clause.end : after.start].strip() in ("(", "[", "【") else []
    for place in (clause, *bracket, *said.before(clause)):
        found = [(abs(hit.start() - made.start), name) for name, each in said.words.cycles.items()
                 for hit in each.finditer(said.text, place.start, place.end)]  # fmt: skip
        if found:
            return min(found)[1]
    return None


def _unheld(said: _Said, clause: _Clause, made: Claim) -> Why | None:
    """Why a number that was read cannot be held against a declared value; None where it can."""
    words, rest = said.words, said.around(clause, made)
    if words.negations.search(rest):
        return "negated"
    if _asked(said, clause, rest):
        return "question"
    if words.condition.search(rest):
        return "condition"
    if made.topic is not None and words.relative.search(made.topic.words.sub("\0", rest)):
        return "relative"
    return None


def _asked(said: _Said, clause: _Clause, rest: str) -> bool:
    return said.text[clause.end : clause.end + 1] == "?" or bool(said.words.question.search(rest))


# words


def _worded(said: _Said, clause: _Clause, numbers: Sequence[Claim]) -> Iterator[Claim]:
    """Levels, status and superlatives of a clause; and a quantity it praises without a value."""
    words, taken = said.words, list[tuple[int, int]]()
    kinds: list[tuple[Kind, int | None, re.Pattern[str]]] = [("level", level, each) for level, each in words.levels.items()]
    kinds += [("front-runner", None, words.status["front-runner"]), ("certified", None, words.status["certified"])]
    topic = _topic_in(said.of(clause), words)
    for kind, level, pattern in kinds:
        for found in pattern.finditer(said.text, clause.start, clause.end):
            if not _overlaps(found, taken):
                taken.append(found.span())
                yield _word(said, clause, Claim(kind, *found.span(), level=level, topic=topic))
    quantities = [hit.span() for each in words.topics for hit in each.words.finditer(said.text, clause.start, clause.end)]
    for found in words.superlatives.finditer(said.text, clause.start, clause.end):
        if not _overlaps(found, [*taken, *quantities]):
            taken.append(found.span())
            yield Claim("superlative", *found.span(), topic=topic)
    if not taken and not any(clause.start <= each.start < clause.end for each in numbers):
        yield from _praised(said, clause, numbers)


def _overlaps(found: re.Match[str], taken: Sequence[tuple[int, int]]) -> bool:
    return any(found.start() < end and start < found.end() for start, end in taken)


def _praised(said: _Said, clause: _Clause, numbers: Sequence[Claim]) -> Iterator[Claim]:
    """A quantity that is named and given no value here nor later in the sentence."""
    until = max(each.end for each in said.clauses if each.sentence == clause.sentence)
    found = [hit for topic in said.words.topics for hit in topic.words.finditer(said.text, clause.start, clause.end)]
    if found and not any(clause.start <= each.start < until for each in numbers):
        first = min(found, key=lambda hit: (hit.start(), -hit.end()))
        yield Claim("unread", *first.span(), why="no-value")


def _word(said: _Said, clause: _Clause, made: Claim) -> Claim:
    rest = said.around(clause, made)
    why: Why | None = None
    if said.words.negations.search(rest):
        why = "negated"
    elif _asked(said, clause, rest):
        why = "question"
    elif made.kind == "level" and said.words.not_levels.search(said.of(clause)):
        why = "other-levels"
    return replace(made, kind="unread", why=why) if why else made


def _topic_in(said: str, words: Words) -> Topic | None:
    """The one topic that is named; None where none or several are."""
    found = [topic for topic in words.topics if topic.words.search(said)]
    return found[0] if len(found) == 1 else None
