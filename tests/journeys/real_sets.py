"""The real product sets for a whole cycle: how each is imported, and what must come out, computed from the raw file without Guiju.

They are not in the repository; `../shared/data/products` has them, and tests that need them skip without.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

SHELF = Path(__file__).resolve().parents[2] / "examples" / "frontrunner" / "sets" / "standards"
Row = dict[str, str]
Car = tuple[str, str, Mapping[str, Decimal | None]]
"""Its comparable range, its make, and a value for each input of the evaluation standard; None: the set does not say."""


@dataclass(frozen=True)
class RealSet:
    """
    name       of the importer
    methods    property=number, as the import is told them
    maker      the enterprise of the certificate; it and `other` are shortlisted
    source     what the values are, said in the place of a laboratory
    cars       the rows that are compared, by hand
    levels     range → indicator → the three limits, best first, and whether less is better
    evidence   a row of the set → input → value; nothing where the scheme is not of such cars
    model      what a row is called in the library
    """

    name: str
    file: str
    scheme: str
    standard: str
    methods: tuple[str, ...]
    maker: str
    other: str
    source: str
    cars: Callable[[Sequence[Row]], list[Car]]
    levels: Mapping[str, Mapping[str, tuple[tuple[str, str, str], bool]]]
    evidence: Callable[[Row], dict[str, str]]
    model: Callable[[Row], str]

    def rows(self, folder: Path) -> list[Row]:
        with gzip.open(folder / self.file, "rt", encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    def shown(self, rows: Sequence[Row]) -> dict[str, dict[str, str]]:
        """Model of the maker → input → value; of rows of one model the last."""
        return {self.model(row): held for row in rows if row["make"].strip() == self.maker and (held := self.evidence(row))}

    def bands(self, rows: Sequence[Row]) -> dict[tuple[str, str], list[int]]:
        """(range, indicator) → how many models stand in each band, counted by hand."""
        found: dict[tuple[str, str], Counter[int]] = {(of, name): Counter() for of, each in self.levels.items() for name in each}
        for of, _, values in self.cars(rows):
            for name, (limits, is_less) in self.levels[of].items():
                value = values[name]
                reached = (n for n, limit in enumerate(limits) if value is not None and (value <= Decimal(limit) if is_less else value >= Decimal(limit)))
                found[of, name][next(reached, 3)] += 1
        return {key: [counts[n] for n in range(3)] for key, counts in found.items()}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() else None


# open-ev: specifications of makers; consumption is derived, as the importer says: usable energy / CLTC range x 1.10


def _consumption(row: Row) -> Decimal | None:
    energy, reach = _number(row["battery_kwh_net"]), _number(row["range_cltc_km"])
    if energy is None or not reach:
        return None
    return (energy * 110 / reach).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def _specified(rows: Sequence[Row]) -> list[Car]:
    """M1 by type, with a curb mass, and a consumption not above the limit of GB 36980.1-2025."""
    found = []
    for row in rows:
        is_m1 = row["vehicle_type"] in ("passenger_car", "suv") or row["body_style"] in ("mpv", "minivan")
        mass, consumption = _number(row["curb_mass_kg"]), _consumption(row)
        if not is_m1 or mass is None or consumption is None:
            continue
        limit = Decimal("10.1") if mass <= 1090 else Decimal("19.1") if mass > 2710 else Decimal("0.00556") * (mass - 1780) + Decimal("13.92")
        if 3 <= consumption <= limit:
            values = {"consumption_level": 100 * consumption / limit, "range_level": _number(row["range_cltc_km"]),
                      "acceleration_level": _number(row["accel_0_100_s"])}  # fmt: skip
            found.append(("small" if mass < 1600 else "large", row["make"].strip(), values))
    return found


def _sheet(row: Row) -> dict[str, str]:
    return {"category": "M1", "powertrain": "bev", "max_mass": "3500 kg", "curb_mass": f"{row['curb_mass_kg']} kg",
            "consumption": f"{_consumption(row)} kWh/100km", "range": f"{row['range_cltc_km']} km", "acceleration": f"{row['accel_0_100_s']} s"}  # fmt: skip


OPEN_EV = RealSet(
    "open-ev", "open_ev_data.csv.gz", "specified-cars", "T/GUIJU 711-2026",
    ("nev.electricity.cltc=GB/T 18386.1-2021", "nev.range.cltc=GB/T 18386.1-2021"), "IM Motors", "Zeekr",
    "厂商规格表（OpenEV Data），不是试验结果", _specified,
    {size: {"consumption_level": (("80", "90", "100"), True), "range_level": (reach, False), "acceleration_level": (("4.3", "6.8", "10.5"), True)}
     for size, reach in (("small", ("430", "400", "310")), ("large", ("700", "600", "520")))},
    _sheet, lambda row: " ".join(filter(None, (row[name].strip() for name in ("model", "trim", "variant", "year")))),
)  # fmt: skip


# ADEME: values of type approval by WLTP


def _label(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """Consumption and range of the same column: the least where there is one, else the most."""
    if row["elec_wltp_min_wh_km"].strip():
        return _number(row["elec_wltp_min_wh_km"]), _number(row["elec_range_min_km"])
    return _number(row["elec_wltp_max_wh_km"]), _number(row["elec_range_max_km"])


def _labelled(rows: Sequence[Row]) -> list[Car]:
    """Battery electric, of each set of equal rows one, with a range of 150 km."""
    found = []
    for row in _apart(rows):
        consumption, reach = _label(row)
        if row["energy"] == "ELECTRIC" and reach is not None and reach >= 150:
            size = "small" if Decimal(row["empty_mass_kg"]) < 1600 else "large"
            found.append((size, row["make"].strip(), {"consumption_level": consumption, "range_level": reach}))
    return found


def _apart(rows: Sequence[Row]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        key = tuple(value for name, value in row.items() if name != "id")
        if key not in seen:
            yield row
        seen.add(key)


def _approved(row: Row) -> dict[str, str]:
    consumption, reach = _label(row)
    if row["energy"] != "ELECTRIC":
        return {}
    return {"category": "M1", "powertrain": "bev", "curb_mass": f"{row['empty_mass_kg']} kg", "consumption": f"{consumption} Wh/km", "range": f"{reach} km"}


ADEME = RealSet(
    "ademe", "fr_ademe_car_labelling.csv.gz", "labelled-cars", "T/GUIJU 712-2026", (), "CITROEN", "RENAULT",
    "型式批准值（ADEME Car Labelling）", _labelled,
    {size: {"consumption_level": (("145", "155", "190"), True), "range_level": (("480", "370", "230"), False)} for size in ("small", "large")},
    _approved, lambda row: " ".join(filter(None, (row[name].strip() for name in ("model", "description")))),
)  # fmt: skip
EPA = "us_epa_ev_phev_fcv.csv.gz"
