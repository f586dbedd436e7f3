"""Entities of a front-runner evaluation: enterprises, the standards they declare, the products that implement them, and what was measured of those.

The winner is an enterprise, through a standard it declares, by products that implement it; none of the three stands for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from guiju.standard.model import Title

Status = Literal["current", "superseded", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """code   the 18 characters of its unified social credit code (GB 32100), or an identifier of its own where it has none"""

    code: str
    title: Title
    region: str


@dataclass(frozen=True, slots=True)
class DeclaredStandard:
    """An enterprise's standard as declared: Q/… and its edition.

    enterprise    code of who declared it
    references    numbers of the standards it cites
    methods       property → number of the method its values are measured by
    illustrative  made up, or put in place of one that was not seen
    """

    number: str
    edition: str
    enterprise: str
    title: Title
    published: date | None
    status: Status
    references: tuple[str, ...]
    methods: Mapping[str, str]
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A model (or service, or solution) on offer that implements a declared standard. Its declared values stand in the columns of the library.

    key       the same in every table of the library
    price     yuan
    markets   regions it is sold in
    """

    key: str
    enterprise: str
    standard: str
    edition: str
    model: str
    brand: str
    title: Title
    on_sale: date | None
    price: Decimal | None
    markets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value measured of a product.

    value, u      in `unit`; u is the standard uncertainty, None where the report gives none
    laboratory    and the number of its report
    method        number of the method it was measured by
    """

    product: str
    property: str
    value: Decimal
    unit: str
    u: Decimal | None
    laboratory: str
    report: str
    measured: date | None
    method: str
