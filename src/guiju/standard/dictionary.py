"""The dictionary of properties: what a quantity is, in which unit, by which method, test cycle and metering point it is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Problems, Span
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.standard.document import Scalar, load
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read

LABELS = Shape("zh/en", {"zh": Key("label", True), "en": Key("label", True)})
SHAPE = MapOf(Shape("property", {
    "zh": Key("label", True), "en": Key("label", True), "kind": Key("text", True), "unit": Key("text"), "cycle": Key("text"),
    "metering": Key("text"), "method": Key("text"), "headers": Key(ListOf("text")), "values": Key(MapOf(LABELS)), "note": Key("text"),
}, "性质"))  # fmt: skip
NOT_NUMBERS = {"boolean": "是否", "category": "类别", "date": "日期", "identifier": "标识", "time": "时刻"}


@dataclass(frozen=True, slots=True)
class Property:
    id: str
    zh: str
    en: str
    kind: str
    """A quantity kind such as energy-consumption; or boolean, category, date, identifier, time."""
    unit: Unit | None
    cycle: str | None
    metering: str | None
    method: str | None
    headers: tuple[str, ...]
    values: Mapping[str, tuple[str, str]]
    """Labels (zh, en) of category values."""
    span: Span

    @property
    def basis(self) -> tuple[str, str] | None:
        """What must be equal before two values may be compared or added: test cycle and metering point."""
        return (self.cycle or "", self.metering or "") if self.cycle or self.metering else None


Dictionary = Mapping[str, Property]


def load_dictionary(folders: tuple[Path, ...], problems: Problems) -> dict[str, Property]:
    """Every property of every YAML file in the folders, the first definition of an id winning."""
    found: dict[str, Property] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        for key, values in (read(load(path, problems).root, SHAPE, problems) or {}).values():
            if key.text in found:
                problems.add("duplicate-property", key.span, id=key.text)
                continue
            found[key.text] = _property(key, values, problems)
    return found


def check_treated(treated: Mapping[str, str], dictionary: Dictionary, problems: Problems) -> None:
    """Adds what is wrong with properties asked → those that shall stand for them: unknown-property, treat-as-kind."""
    for asked, used in treated.items():
        for name in (asked, used):
            if name not in dictionary:
                problems.add("unknown-property", None, id=name, **did_you_mean(name, dictionary))
        if asked in dictionary and used in dictionary and dictionary[asked].kind != dictionary[used].kind:
            problems.add("treat-as-kind", None, asked=asked, used=used, asked_kind=dictionary[asked].kind, used_kind=dictionary[used].kind)


def _property(key: Scalar, values: dict[str, object], problems: Problems) -> Property:
    def text(name: str) -> str | None:
        value = values.get(name)
        return value.text if isinstance(value, Scalar) else None

    headers = values.get("headers")
    labels = values.get("values")
    return Property(
        id=key.text, zh=text("zh") or "", en=text("en") or "", kind=text("kind") or "", unit=_unit(values.get("unit"), problems),
        cycle=text("cycle"), metering=text("metering"), method=text("method"),
        headers=tuple(h.text for h in headers) if isinstance(headers, list) else (),
        values={k: (v["zh"].text, v["en"].text) for k, (_, v) in labels.items()} if isinstance(labels, dict) else {},
        span=key.span,
    )  # fmt: skip


def _unit(scalar: object, problems: Problems) -> Unit | None:
    if not isinstance(scalar, Scalar):
        return None
    try:
        return parse_unit(scalar.text)
    except UnknownUnit as error:
        problems.add(
            "unknown-unit",
            scalar.part(error.position, len(scalar.text)),
            unit=scalar.text,
            reason_zh=error.reason_zh,
            reason_en=error.reason_en,
        )
        return None
