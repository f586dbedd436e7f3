"""A parameter by reference to a factor: its dated values and what they cite."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.base.units import Unit, dimension_facts
from guiju.standard.document import Scalar
from guiju.standard.expression import Number
from guiju.standard.factors import ORDERS, Factor, FactorKind, Factors, as_equivalent, schedule, usable
from guiju.standard.model import Dated, Source, Title
from guiju.standard.shape import Key, Shape, did_you_mean

SHAPE = Shape("factor", {
    "id": Key("text", True), "kind": Key("text", True), "region": Key("text", True), "by": Key("text", True), "earliest": Key("text"),
    "as": Key("text"),
}, "因子", whole=True)  # fmt: skip
"""`as: CO2e` says that CO2 alone is to stand for CO2-equivalent: the other gases are then not counted."""

NO_FACTORS = Factors({}, {}, {})


class References:
    """Resolves the references of one standard; collects what they cite, and the kinds they name."""

    def __init__(self, factors: Callable[[], Factors], problems: Problems) -> None:
        self.factors, self.problems = factors, problems
        self.sources: dict[str, Source] = {}
        self.used: list[str] = []
        """name=value unit of every value that may be used."""
        self._kinds: dict[str, FactorKind] = {}

    def resolve(self, name: Scalar, raw: dict[str, Any], unit: Unit, taken: Container[str], own: tuple[str, ...]) -> list[Dated]:
        """The dated values of a parameter in its unit; empty where the reference cannot be used, and that is reported.

        taken   ids of sources that are in use already
        own     sources the parameter itself names: of the rule which factor is to be taken
        """
        places = {key: scalar.span for key, scalar in raw.items() if isinstance(scalar, Scalar)}
        by = raw["by"].text
        if by not in ORDERS:
            self.problems.add("unknown-word", raw["by"].span, word=by, known=", ".join(ORDERS), **did_you_mean(by, ORDERS, listed=True))
            return []
        series = self.factors().series(raw["id"].text, raw["kind"].text, raw["region"].text, self.problems, places)
        earliest = self._day(raw.get("earliest"))
        if not series or (earliest is None and "earliest" in raw):
            return []
        scheduled = schedule(series, by, earliest, self.problems, places)
        kind = series[0].kind
        written = self._unit(kind, unit, raw)
        self._alone(kind, raw["kind"].span)
        if written is None or not usable([factor for _, factor in scheduled], self.problems, raw["id"].span):
            return []
        return [self._dated(name.text, since, factor, written, places["id"], taken, own) for since, factor in scheduled]

    def _day(self, scalar: Scalar | None) -> date | None:
        day = parse_date(scalar.text) if scalar else None
        if scalar and day is None:
            self.problems.add("not-a-date", scalar.span, text=scalar.text)
        return day

    def _unit(self, kind: FactorKind, unit: Unit, raw: dict[str, Any]) -> Unit | None:
        """The unit the published numbers are taken in; None where it is not of the parameter's dimension."""
        taken, hint, said = kind.unit, {}, raw.get("as")
        counted_otherwise = as_equivalent(kind.unit) if kind.counts == "CO2" else None
        if said is not None:
            if said.text != "CO2e" or counted_otherwise is None:
                self.problems.add("factor-not-counted-so", said.span, kind=kind.name, counts=kind.counts or "–", said=said.text)
                return None
            taken = counted_otherwise
        elif counted_otherwise is not None and counted_otherwise.same_dimension(unit):
            hint = {
                "hint_zh": "该因子只计二氧化碳；若确要以它代替当量（不计其他气体），写明「as: CO2e」",
                "hint_en": "this factor counts CO2 alone; if it is to stand for CO2-equivalent, other gases left out, write `as: CO2e`",
            }
        if not taken.same_dimension(unit):
            self.problems.add("unit-mismatch", raw["kind"].span, **dimension_facts(taken, unit), **hint)
            return None
        return taken

    def _alone(self, kind: FactorKind, where: Span) -> None:
        """One standard takes one kind of factor for one carrier, but for kinds made to go together."""
        first = self._kinds.setdefault(kind.carrier, kind)
        if first.name != kind.name and kind.name not in first.beside and first.name not in kind.beside:
            self.problems.add("factor-kinds-mixed", where, carrier=kind.carrier, one=first.name, other=kind.name)

    def _dated(self, name: str, since: date, factor: Factor, unit: Unit, where: Span, taken: Container[str], own: tuple[str, ...]) -> Dated:
        id_ = f"{name}_{factor.data_year}" if factor.data_year else f"{name}_before_{factor.replaced:%Y%m%d}" if factor.replaced else f"{name}_factor"
        while id_ in taken or (id_ in self.sources and self.sources[id_].span != factor.span):
            id_ += "_"
        self.sources[id_] = self._source(id_, factor, unit)
        self.used.append(f"{factor.name}={factor.text} {unit.text}")
        value = Number(factor.value, factor.text, unit, where, apart=True)
        return Dated(since, value, (id_, *own), where)

    def _source(self, id_: str, factor: Factor, unit: Unit) -> Source:
        """Issuer, announcement, kind, region and data year, as an explanation cites them."""
        issued, kind = factor.announcement, factor.kind
        region = self.factors().regions[factor.region]
        of_zh, of_en = (f"，{factor.data_year} 年数据", f", data of {factor.data_year}") if factor.data_year else ("", "")
        if factor.replaced:
            of_zh, of_en = of_zh + f"，{factor.replaced} 前", of_en + f", before {factor.replaced}"
        title = f"{issued.issuer.zh}：{issued.title.zh}（{kind.title.zh}，{region.zh}{of_zh}）; {issued.issuer.en}: {issued.title.en} " \
                f"({kind.title.en}, {region.en}{of_en})"  # fmt: skip
        notes = [each for each in (factor.why, issued.why) if each]
        if unit is not kind.unit:
            notes.append(Title("以二氧化碳代替二氧化碳当量，其他气体未计", "CO2 stands for CO2-equivalent; other gases are not counted"))
        why = Title("；".join(n.zh for n in notes), "; ".join(n.en for n in notes)) if notes else None
        return Source(id_, title, issued.address, factor.confidence, None, why, factor.span)
