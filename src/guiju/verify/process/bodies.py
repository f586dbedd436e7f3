"""Bodies: what is said with the steps that need no more than words and numbers, from texts as the terminal and forms give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.verify.process.states import ACTS

GENERIC: Mapping[str, tuple[str, ...]] = {
    "accept": ("judgement",), "decline": ("reason",), "renew": ("reason",), "approve": ("opinion",), "send-back": ("reason",),
    "reopen-plan": ("reason",), "call": ("text", "until"), "end-call": (), "withdraw": ("application",), "return": ("order", "reason"),
    "drop": ("order", "reason"), "close": (), "reopen": ("reason",), "exclude": ("item", "lab", "level", "replicate", "reason"),
    "confirm": ("exclusion",), "restore": ("exclusion", "reason"), "reconsider": ("reason",), "archive": (), "abandon": ("reason",),
}  # fmt: skip
"""Steps that say no more than this. What others say is made: see `acting`."""
NUMBERS = ("application", "order", "exclusion")
assert GENERIC.keys() <= ACTS.keys()


def body_of(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The body of a step from texts; what is not given is empty.

    raises   Refused: point-word for what it does not say, process-unsaid where a number is none
    """
    problems, wanted = Problems(), GENERIC[name]
    for word in given:
        if word not in wanted:
            problems.add("point-word", None, what_zh="名称", what_en="name", word=word, known=", ".join(wanted) or "–")
    for word in NUMBERS:
        if word in wanted and not given.get(word, "").strip().isdecimal():
            problems.add("process-unsaid", None, what=word)
    problems.refuse_errors()
    return {word: int(given[word]) if word in NUMBERS else given.get(word, "").strip() for word in wanted}


def verdicts_of(words: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    """`R1/scientific=pass:why` as clause → aspect → verdict and ground.

    raises   Refused: verdict-malformed
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for word in words:
        place, sign, said = word.partition("=")
        no, slash, aspect = place.rpartition("/")
        if not (sign and slash):
            raise Refused([Diagnostic("verdict-malformed", None, {"text": word})])
        verdict, _, ground = said.partition(":")
        found.setdefault(no, {})[aspect] = {"verdict": verdict.strip(), "ground": ground.strip()}
    return found
