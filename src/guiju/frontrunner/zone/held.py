"""Held: what is known of products that a claim can be held against: certificates, values measured, values declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from guiju.base.units import Unit
from guiju.frontrunner.entity import Product
from guiju.frontrunner.zone.named import Names
from guiju.standard.model import Title

Origin = Literal["certificate", "measured", "declared"]
ORIGINS: Mapping[Origin, Title] = {
    "certificate": Title("证书载明", "in the certificate"),
    "measured": Title("测得", "measured"),
    "declared": Title("企业声明", "declared by the enterprise"),
}
"""In the order of their weight: the first that decides, decides."""
State = Literal["valid", "suspended", "withdrawn", "expired", "early"]
STATES: Mapping[State, Title] = {
    "valid": Title("有效", "valid"),
    "suspended": Title("已暂停", "suspended"),
    "withdrawn": Title("已撤销", "withdrawn"),
    "expired": Title("已过期", "expired"),
    "early": Title("未生效", "not valid yet"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a product. u: standard uncertainty in `unit`; cited: certificate, report, or declared standard it is from"""

    property: str
    value: Fraction
    unit: Unit
    origin: Origin
    cited: str
    u: Fraction | None = None
    laboratory: str = ""
    method: str = ""
    measured: date | None = None


@dataclass(frozen=True, slots=True)
class OfModel:
    """What a certificate says of one of its models: its level as a whole, by indicator, and the values of these."""

    level: int | None
    levels: Mapping[str, int]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that anybody may look up.

    since     the day the state began; reason: why it is suspended or withdrawn
    level     of the whole, where there is one: that all models reach
    levels    indicator → level that all models reach; `about`: indicator → properties its value is made of, where that is known
    by_model  model → what is said of it; one in the earlier form of several models says nothing of any of them
    models    that it is for
    """

    id: str
    state: State
    since: date | None
    reason: str
    enterprise: str
    standard: str
    edition: str
    models: tuple[str, ...]
    scheme_id: str
    scheme: Title
    evaluated_by: str
    level: int | None
    levels: Mapping[str, int]
    about: Mapping[str, tuple[str, ...]]
    by_model: Mapping[str, OfModel]
    valid_from: date | None
    valid_until: date | None
    illustrative: bool
    titles: Mapping[str, Title] = field(default_factory=dict)
    """Indicator → what it is called, where that is known."""

    def called(self, indicator: str) -> Title:
        return self.titles.get(indicator) or Title(indicator, indicator)

    def of(self, model: str) -> OfModel:
        """What it says of a model; where it says nothing of its own, what all models reach, and no values."""
        return self.by_model.get(model) or OfModel(self.level, self.levels, ())

    @property
    def is_valid(self) -> bool:
        return self.state == "valid"


@dataclass(frozen=True, slots=True)
class Known:
    """A product with everything known of it. illustrative: its standard is made up, or was put in place of one not seen"""

    product: Product
    enterprise: Title
    region: str
    illustrative: bool
    values: tuple[Value, ...]
    certificates: tuple[Certificate, ...]
    library: str = ""

    @property
    def id(self) -> str:
        """Its key, told apart from the same key of another library."""
        return f"{self.library}:{self.product.key}" if self.library else self.product.key

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.product.brand, self.product.model or self.product.key) if part)


@dataclass(frozen=True, slots=True)
class Held:
    """names         of all products
    certificates  by id
    properties    that any of the products has a value of
    load          keys → what is known of them, by key
    """

    names: Names
    certificates: Mapping[str, Certificate]
    properties: frozenset[str]
    load: Callable[[Sequence[str]], Mapping[str, Known]]

    def some(self, keys: Sequence[str]) -> tuple[Known, ...]:
        """The products of these keys that there are, by key."""
        found = self.load(sorted(keys))
        return tuple(found[key] for key in sorted(found))
