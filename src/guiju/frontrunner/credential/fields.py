"""Fields: what stands in a certificate, in the form it is written in now and in the one before; whatever is missing, unknown or wrong, by its place.

The form goes by the context a certificate names: `v1` said one value an indicator, of whichever model reaches the lowest level, and does not say
which; `v2` says of every model its own, and seals the evidence they rest on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic
from guiju.frontrunner.credential.issuer import EARLIER_CONTEXT_PATH
from guiju.frontrunner.credential.proof import time_of
from guiju.frontrunner.credential.said import value_said
from guiju.metrology.decision import RULES

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
TYPE = "FrontRunnerCertificate"
TEXT_MAX, MODELS_MAX, INDICATORS_MAX = 500, 500, 100
_HASH = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_FRACTION = re.compile(r"-?[1-9][0-9]{0,199}/[1-9][0-9]{0,199}")
_URN = re.compile(r"(https://|urn:)[!-~]{1,300}")

Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of objects of these fields. key: the field that tells them apart"""

    fields: Mapping[str, Any]
    key: str
    most: int


def wrong_fields(plain: Mapping[str, Any]) -> list[Diagnostic]:
    """Every field of a certificate, its proof aside, that is missing, unknown or not as it must be."""
    what = {"what_zh": "证书", "what_en": "certificate"}
    found = _wrong(plain, {**_CERTIFICATE, "credentialSubject": _EARLIER if is_earlier(plain) else _CLAIMS}, "", {"proof"})
    if not found and not is_earlier(plain):
        found = _at_odds(plain["credentialSubject"])
    return [Diagnostic("credential-field", None, {**what, "field": field}) for field in found]


def is_earlier(plain: Mapping[str, Any]) -> bool:
    """Whether a certificate is written in the form of before, by the context it names."""
    contexts = plain.get("@context")
    return isinstance(contexts, list) and len(contexts) == 2 and str(contexts[1]).endswith(EARLIER_CONTEXT_PATH)


def _at_odds(claims: Mapping[str, Any]) -> list[str]:
    """What contradicts itself: the level of the whole is the lowest of its models' (1 is the best); a value is its fraction, rounded."""
    models, above = claims["models"], "/credentialSubject"
    levels = [each.get("level") for each in models]
    found = [] if claims.get("level") == (None if None in levels else max(levels)) else [f"{above}/level"]
    return found + [
        f"{above}/models/{at}/indicators/{n}/fraction"
        for at, each in enumerate(models) for n, one in enumerate(each["indicators"])
        if "fraction" in one and value_said(Fraction(one["fraction"])) != {"value": one["value"], "fraction": one["fraction"]}
    ]  # fmt: skip


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_MAX and value.isprintable()


def _hash(value: Any) -> bool:
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def _level(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 3


def _number(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 60 and bool(_NUMBER.fullmatch(value))


def _fraction(value: Any) -> bool:
    return isinstance(value, str) and bool(_FRACTION.fullmatch(value))


def _day(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and parse_date(value) is not None


def _time(value: Any) -> bool:
    return time_of(value) is not None


def _bool(value: Any) -> bool:
    return isinstance(value, bool)


def _unit(value: Any) -> bool:
    return value == "" or _text(value)


def _many(check: Check, most: int, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(check(one) for one in value)


def _is(wanted: Any) -> Check:
    return lambda value: bool(value == wanted) and type(value) is type(wanted)


def _object(fields: Mapping[str, Any]) -> Check:
    return lambda value: isinstance(value, Mapping) and not _wrong(value, fields, "")


_VALUE = {"name": _text, "level": _level, "value": _number, "unit": _unit}
_SUBJECT: dict[str, Any] = {
    "type": _is("EvaluatedStandard"),
    "enterprise": {"code": _text, "title": {"zh": _text, "en": _text}},
    "standard": {"number": _text, "edition": _text},
    "scheme": _text,
    "evaluationStandard": {"number": _text, "edition": _text, "contentHash": _hash},
    "libraryHash": _hash,
    "snapshotHashes": _many(_hash, 50),
    "boardHash": _hash,
    "engineVersion": _text,
    "level?": _level,
    "illustrative": _bool,
    "decidedOn": _day,
}
_EARLIER: dict[str, Any] = {
    **_SUBJECT,
    "models": _many(_text, MODELS_MAX, 1),
    "indicators": _many(_object(_VALUE), INDICATORS_MAX, 1),
    "comparedOn?": _day,
}
_CLAIMS: dict[str, Any] = {
    **_SUBJECT,
    "models": Many(
        {"model": _text, "level?": _level, "evidenceHash": _hash, "indicators": Many({**_VALUE, "fraction?": _fraction}, "name", INDICATORS_MAX)},
        "model",
        MODELS_MAX,
    ),
    "schemeHash": _hash,
    "decisionRule": lambda value: value in RULES,
    "evaluatedOn": _day,
    "comparedOn": _day,
}
_ENTRY = {
    "type": _is("BitstringStatusListEntry"),
    "statusPurpose": lambda value: value in ("revocation", "suspension"),
    "statusListIndex": lambda value: isinstance(value, str) and bool(re.fullmatch("0|[1-9][0-9]{0,8}", value)),
    "statusListCredential": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
    "id?": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
}
_CERTIFICATE: dict[str, Any] = {
    "@context": lambda value: isinstance(value, list) and len(value) == 2 and value[0] == CREDENTIALS and isinstance(value[1], str),
    "id": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
    "type": _is(["VerifiableCredential", TYPE]),
    "issuer": lambda value: isinstance(value, str),
    "validFrom": _time,
    "validUntil": _time,
    "credentialStatus": lambda value: _many(_object(_ENTRY), 2, 2)(value) and {one["statusPurpose"] for one in value} == {"revocation", "suspension"},
    "relatedResource": lambda value: isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping),
}
"""Field → what can stand there: a check, the fields below it, or a list of objects; `?` after a name: it may be absent."""


def _wrong(value: Any, fields: Mapping[str, Any], above: str, aside: Iterable[str] = ()) -> list[str]:
    if not isinstance(value, Mapping):
        return [above or "/"]
    found = []
    for written, wanted in fields.items():
        name, place = written.rstrip("?"), f"{above}/{written.rstrip('?')}"
        if name not in value:
            found += [] if written.endswith("?") else [place]
        elif isinstance(wanted, Mapping):
            found += _wrong(value[name], wanted, place)
        elif isinstance(wanted, Many):
            found += _wrong_many(value[name], wanted, place)
        elif not wanted(value[name]):
            found.append(place)
    known = {name.rstrip("?") for name in fields} | set(aside)
    return found + [f"{above}/{name}" for name in value if name not in known]


def _wrong_many(value: Any, wanted: Many, place: str) -> list[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= wanted.most:
        return [place]
    found = [each for at, one in enumerate(value) for each in _wrong(one, wanted.fields, f"{place}/{at}")]
    names = [one.get(wanted.key) for one in value if isinstance(one, Mapping)]
    return found or ([place] if len(set(names)) < len(names) else [])
