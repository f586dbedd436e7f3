"""Said: what a certificate says of each model, whichever form it is written in, and its values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.rounding import decimal_text, parse_number, round_gb

DIGITS, LEAST_PLACE = 4, 400
FRACTION_MAX, TEXT_MAX = 200, 60


@dataclass(frozen=True, slots=True)
class Indicated:
    """An indicator as a certificate says it.

    level      1 is the best
    value      decimal text: exact, or with a `fraction` beside it rounded to 12 significant digits by GB/T 8170
    fraction   exact, as numerator/denominator, where no decimal ends; empty where `value` is exact, or nothing shorter than 200 digits is
    """

    name: str
    level: int
    value: str
    unit: str
    fraction: str = ""

    @property
    def exact(self) -> str:
        """As exactly as the certificate says it, with its unit."""
        return " ".join(filter(None, (self.fraction or self.value, self.shown_unit)))

    @property
    def number(self) -> Fraction | None:
        return Fraction(self.fraction) if self.fraction else parse_number(self.value)

    @property
    def shown_unit(self) -> str:
        return "" if self.unit == "1" else self.unit

    @property
    def short(self) -> str:
        """For reading: 4 significant digits, whole numbers whole (GB/T 8170); what has no more is as it is. The level rests on the exact value."""
        return " ".join(filter(None, (short(self.number, self.value), self.shown_unit)))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one model; in the earlier form of all of them together: then a value is of whichever model reaches the lowest level.

    level      of the whole of it; None where there is none
    evidence   salted sha256 of what was measured of the model; empty in the earlier form
    """

    models: tuple[str, ...]
    level: int | None
    indicators: tuple[Indicated, ...]
    evidence: str

    @property
    def is_own(self) -> bool:
        """Whether the values are those of one model, and it is known which."""
        return len(self.models) == 1


def said_by(claims: Mapping[str, Any]) -> tuple[Said, ...]:
    """What the claims of a certificate say of its models, in the order they stand."""
    if "indicators" in claims:
        return (Said(tuple(claims["models"]), claims.get("level"), _indicated(claims["indicators"]), ""),)
    return tuple(Said((each["model"],), each.get("level"), _indicated(each["indicators"]), each["evidenceHash"]) for each in claims["models"])


def models_said(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The models a certificate is for."""
    return tuple(model for each in said_by(claims) for model in each.models)


def lowest_levels(claims: Mapping[str, Any]) -> dict[str, int]:
    """Indicator → the level all models reach; one that a model reaches no level of is not there. 1 is the best."""
    found = said_by(claims)
    by_model = [{each.name: each.level for each in one.indicators} for one in found]
    return {name: max(each[name] for each in by_model) for name in by_model[0] if all(name in each for each in by_model)}


def _indicated(listed: Any) -> tuple[Indicated, ...]:
    return tuple(Indicated(each["name"], each["level"], each["value"], each["unit"], each.get("fraction", "")) for each in listed)


def short(number: Fraction | None, written: str) -> str:
    """A number in at most 4 significant digits, but never less than whole; as written where it is none."""
    if number is None:
        return written
    whole = len(str(abs(int(number)))) if abs(number) >= 1 else 0
    places = max(DIGITS - whole, 0) if whole else _first_digit(number) + DIGITS - 1
    rounded = round_gb(number, Fraction(1, 10**places))
    return decimal_text(rounded)


def _first_digit(number: Fraction) -> int:
    """Which decimal place of a number under 1 is its first that is not 0; 1 where it is 0."""
    place, rest = 1, abs(number) * 10
    while 0 < rest < 1 and place < LEAST_PLACE:
        place, rest = place + 1, rest * 10
    return place


def value_said(number: Fraction) -> dict[str, str]:
    """An exact number as a certificate says it: {value}, and {fraction} where no decimal ends that fits; the rule is that of `Indicated`."""
    text = decimal_text(number)
    is_exact = not text.startswith("≈")
    if is_exact and len(text) <= TEXT_MAX:
        return {"value": text}
    fraction = f"{number.numerator}/{number.denominator}"
    rounded = _scientific(number) if is_exact or len(text) > TEXT_MAX else text.removeprefix("≈")
    return {"value": rounded, **({"fraction": fraction} if len(fraction) <= FRACTION_MAX else {})}


def _scientific(number: Fraction) -> str:
    """12 significant digits and a power of ten."""
    exponent = len(str(abs(int(number)))) - 1 if abs(number) >= 1 else -_first_digit(number)
    return f"{decimal_text(round_gb(number / Fraction(10) ** exponent, Fraction(1, 10**11)))}e{exponent}"
