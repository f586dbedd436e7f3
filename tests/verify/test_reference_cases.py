"""Every case of the folder of reference data beside the checkout, value by value; where the folder is not there the tests say so and are skipped.

The self-test carries its own numbers; this reads cases it does not know, in the form they came in.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guiju.base.rounding import decimal_text, parse_number, round_gb
from guiju.metrology import conformity, critical
from guiju.metrology.distribution import gamma, normal, observations, rectangular, student_of_sd
from guiju.metrology.model import Model
from guiju.metrology.propagation import coverage_factor
from guiju.verify import reference
from guiju.verify.study import analyse, flagged, read_studies
from guiju.verify.worksheet import Worksheet

ROOT = Path(__file__).resolve().parents[2]
FOLDER = next((found for up in (ROOT.parent, *ROOT.parents[1:3]) if (found := up / "shared" / "data" / "verification").is_dir()), None)
if FOLDER is None:
    pytest.skip("the folder shared/data/verification is not beside this checkout: its cases cannot be run", allow_module_level=True)

Computed = dict[str, Any]


def rows(case: str, name: str = "data.csv") -> list[dict[str, str]]:
    assert FOLDER is not None
    with (FOLDER / case / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(case: str, name: str, header: str) -> list[float]:
    return [float(row[header]) for row in rows(case, name)]


def grouped(case: str, group: str, name: str = "data.csv") -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows(case, name):
        found.setdefault(row[group], []).append(float(row["value"]))
    return found


def results(case: str) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {}
    for row in rows(case):
        found.setdefault(row["level"], {}).setdefault(row["lab"], []).append(float(row["value"]))
    return found


def sheet(
    model: Callable[..., Any], inputs: dict[str, Any], coverage: float = 0.95, dof: str = "interpolate", k: float | None = None, **more: Any
) -> Worksheet:
    return Worksheet("", "", Model(model, inputs, **more), {}, coverage, dof, k, 2)


def coal() -> Computed:
    assert FOLDER is not None
    found: Computed = {
        f"level{key}": value for key, value in reference.precision_figures(results("iso5725_2_b1_sulfur_coal"), "ISO 5725-2:2025").items()
    }
    studies = read_studies(FOLDER / "iso5725_2_b1_sulfur_coal" / "data.csv")
    names = {"grubbs2_high": "grubbs_double_high"}
    flags = [
        [int(f.level), names.get(f.test, f.test), "outlier" if f.outlier else "straggler", list(f.labs)]
        for f in flagged(studies, analyse(studies).full)
    ]
    found |= {
        "verdict.flags": flags,
        "cochran_crit_5pct_p8_n3": critical.cochran(8, 3, 0.05),
        "cochran_crit_1pct_p8_n3": critical.cochran(8, 3, 0.01),
    }
    return found | {"grubbs_crit_5pct_p8": critical.grubbs(8, 0.05), "grubbs_crit_1pct_p8": critical.grubbs(8, 0.01)}


def glucose() -> Computed:
    data = results("astm_e691_glucose")
    found: Computed = dict(reference.precision_figures(data, "ASTM E691-1999"))
    data["C"]["4"] = [138.30 if x == 148.30 else x for x in data["C"]["4"]]
    found |= {f"corrected.{key}": value for key, value in reference.precision_figures(data, "ASTM E691-1999").items()}
    found["k_exceed"] = [pair.split("/") for pair in found["k_exceed"].split()]
    found["h_exceed"] = [pair.split("/") for pair in found["h_exceed"].split()]
    return found | {"h_crit_0.5pct_p8": critical.mandel_h(8, 0.005), "k_crit_0.5pct_p8_n3": critical.mandel_k(8, 3, 0.005)}


def homogeneity() -> Computed:
    first, after = (list(grouped("iso13528_e2_homogeneity", "item", f"{name}.csv").values()) for name in ("homogeneity", "stability"))
    return dict(reference.homogeneity_figures(first, after, 0.15))


def assigned() -> Computed:
    case = "iso13528_assigned_and_sigma"
    differences, counts = column(case, "e5_differences.csv", "d"), column(case, "e6_coliforms.csv", "log10_cfu_per_ml")
    return dict(reference.assigned_figures(differences, 21.62, 0.26, counts, 0.75 * 0.25))


def end_gauge() -> Computed:
    given = {row["name"]: normal(float(row["estimate"]), float(row["u"]), float(row["dof"])) for row in rows("gum_h1_end_gauge", "inputs.csv")}

    def length(ls: Any, d0: Any, d1: Any, d2: Any, alpha_s: Any, theta_bar: Any, Delta: Any, dalpha: Any, dtheta: Any) -> Any:  # noqa: N803
        return ls + d0 + d1 + d2 - ls * (dalpha * (theta_bar + Delta) + alpha_s * dtheta)

    found: Computed = dict(reference.worksheet_figures(sheet(length, given, 0.99, "truncate")))
    d = reference.worksheet_figures(sheet(lambda d0, d1, d2: d0 + d1 + d2, {name: given[name] for name in ("d0", "d1", "d2")}))
    found |= {"l": found["y"], "u_c": found["u"], "u(d)": d["u"], "nu(d)": d["nu_eff"], "contribution.d": d["u"], "U99(nu_eff=16)": found["U"]}
    found |= {"k99(nu=16)": coverage_factor(16, 0.99), "contribution.theta": found["contribution.theta_bar"] + found["contribution.Delta"]}
    return found | {f"gtc.{name}": found[name] for name in ("contribution.dtheta", "contribution.dalpha")}


def impedance() -> Computed:
    case = "gum_h2_impedance"
    data = {"V": column(case, "data.csv", "V_volt"), "I": column(case, "data.csv", "I_mA"), "phi": column(case, "data.csv", "phi_rad")}
    r, names = np.corrcoef(list(data.values())), list(data)
    pairs = {(names[i], names[j]): float(r[i, j]) for i in range(3) for j in range(i + 1, 3)}

    def model(V: Any, I: Any, phi: Any) -> dict[str, Any]:  # noqa: E741, N803
        return {"R": 1000 * V / I * np.cos(phi), "X": 1000 * V / I * np.sin(phi), "Z": 1000 * V / I}

    found = reference.worksheet_figures(sheet(model, {name: observations(x) for name, x in data.items()}, k=2.0, correlation=pairs))
    return found | {name: found[f"{name}.y"] for name in "RXZ"} | {f"u({name})": found[f"{name}.u"] for name in "RXZ"}


def zener() -> Computed:
    case = "gum_h5_voltage_anova"
    found = reference.summary_figures(column(case, "data.csv", "mean_V"), [s * 1e-6 for s in column(case, "data.csv", "s_uV")], 5)
    renamed = {"s_of_day_means_uV": "s_of_means", "s_within_uV": "s_within", "s_between_uV": "s_between"}
    return {**found, **{name: 1e6 * float(found[key]) for name, key in renamed.items()}}


def small_models() -> Computed:
    assert FOLDER is not None
    raw = json.loads((FOLDER / "gum5_small_models" / "inputs.json").read_text(encoding="utf-8"))
    models: dict[str, Callable[..., Any]] = {
        "ex1": lambda EX, E1, E2, p1, p2: p1 + (EX - E1) * (p2 - p1) / (E2 - E1),  # noqa: N803
        "ex3": lambda H, C, O: 12 * H + 6 * C + 6 * O,  # noqa: E741, N803
        "ex14": lambda A0, T: A0 * np.exp(-2.73 * np.log(2) / T),  # noqa: N803
    }
    found: Computed = {}
    for name, model in models.items():
        inputs = {key: normal(raw[name]["x"][key], raw[name]["u"][key]) for key in raw[name]["x"]}
        found |= {f"{name}.{key}": value for key, value in reference.worksheet_figures(sheet(model, inputs)).items()}
    found |= {f"ex12.{key}": value for key, value in reference.table_figures(grouped("gum5_small_models", "bottle", "ex12_bottles.csv")).items()}
    force = observations(raw["ex15"]["observations"])
    corrections = {f"c{n}": rectangular(-a, a) for n, a in enumerate(raw["ex15"]["corrections_half_width"])}
    ex15 = reference.worksheet_figures(sheet(lambda F, **c: F + sum(c.values()), {"F": force, **corrections}, k=1.96))  # noqa: N803
    return found | {"ex15.mean": ex15["y"], "ex15.u_mean": force.u, "ex15.u_c": ex15["u"], "ex15.U95": ex15["U"]}


def additive() -> Computed:
    root = math.sqrt(3)
    one, ten = rectangular(-root, root), rectangular(-10 * root, 10 * root)
    cases = {"a": [normal(0, 1)] * 4, "b": [one] * 4, "c": [one] * 3 + [ten]}
    found: Computed = {}
    for name, inputs in cases.items():
        made = reference.worksheet_figures(sheet(lambda a, b, c, d: a + b + c + d, dict(zip("abcd", inputs, strict=True))), trials=2**18)
        found |= {
            f"{name}.u": made["mc.u"],
            f"{name}.high95": made["mc.high"],
            f"{name}.u_exact": made["u"],
            f"{name}.high95_exact": made["exact.high"],
        }
    return found


def bearing() -> Computed:
    made = reference.risk_figures(gamma(4, 0.25), 0.25, 2, 0.001)
    prior, limit = gamma(4, 0.25), (-math.inf, 2.0)
    found: Computed = {"p_out_of_tolerance": made["out_of_tolerance"], "p_out_of_tolerance_peer": made["out_of_tolerance"], "R_C_peer": made["R_C"]}
    found |= {
        "R_C(limit=2)": made["R_C"],
        "R_C(limit=2)_exact": made["R_C"],
        "R_P(limit=2)_exact": conformity.global_risks(prior, 0.25, limit).producer,
    }
    found |= {f"acceptance_limit(R_C=0.001)_{kind}": made["acceptance_limit"] for kind in ("peer", "exact")}
    return found | {"R_P(at that limit)_exact": made["R_P_guarded"]}


def nist() -> Computed:
    assert FOLDER is not None
    raw = json.loads((FOLDER / "nist_tn1900_e13_and_sb" / "inputs.json").read_text(encoding="utf-8"))
    rods = {name: student_of_sd(*raw["E13"][name], 3) for name in ("L0", "L1", "T0", "T1")}
    e13 = reference.worksheet_figures(sheet(lambda L0, L1, T0, T1: (L1 - L0) / (L0 * (T1 - T0)), rods), trials=2**18)  # noqa: N803
    found: Computed = {"E13.gum.y": e13["y"], "E13.gum.u": e13["u"], "E13.mc.y": e13["mc.y"], "E13.mc.u": e13["mc.u"]}
    c = raw["SB"].pop("c")

    def constant(h: Any, R: Any, Rinf: Any, e: Any, alpha: Any) -> Any:  # noqa: N803
        return 32 * math.pi**5 * h * R**4 * Rinf**4 / (15 * e**4 * 0.001**4 * c**6 * alpha**8)

    for percent in (99, 68):
        made = reference.worksheet_figures(sheet(constant, {name: normal(*v) for name, v in raw["SB"].items()}, percent / 100), trials=2**18)
        found |= {"SB.y": made["y"], "SB.u": made["u"], f"SB.low{percent}": made["mc.low"], f"SB.high{percent}": made["mc.high"]}
    return found


def rounding() -> Computed:
    def same(row: dict[str, str]) -> bool:
        value, interval, wanted = (parse_number(row[name]) for name in ("value", "interval", "rounded"))
        assert value is not None and interval is not None and wanted is not None
        return round_gb(value, interval) == wanted and decimal_text(round_gb(value, interval)) == decimal_text(wanted)

    return {"all_rows_match": all(same(row) for row in rows("gbt8170_rounding", "cases.csv"))}


CASES: dict[str, Callable[[], Computed]] = {
    "iso5725_2_b1_sulfur_coal": coal,
    "astm_e691_glucose": glucose,
    "critical_values": lambda: dict(reference.critical_figures([item["key"] for item in expected("critical_values")])),
    "iso13528_e3_atrazine": lambda: dict(reference.estimate_figures(column("iso13528_e3_atrazine", "data.csv", "value"))),
    "iso13528_e2_homogeneity": homogeneity,
    "iso13528_assigned_and_sigma": assigned,
    "consensus_apricot": lambda: dict(reference.consensus_figures(grouped("consensus_apricot", "lab"))),
    "gum_h1_end_gauge": end_gauge,
    "gum_h2_impedance": impedance,
    "gum_h5_voltage_anova": zener,
    "gum5_small_models": small_models,
    "jcgm101_9_2_additive": additive,
    "jcgm106_ball_bearing": bearing,
    "nist_tn1900_e13_and_sb": nist,
    "gbt8170_rounding": rounding,
}


def expected(case: str) -> list[dict[str, Any]]:
    assert FOLDER is not None
    found: list[dict[str, Any]] = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))["expected"]
    return found


def test_every_case_of_the_folder_is_run() -> None:
    assert FOLDER is not None
    listed = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    assert {each["case"] for each in listed} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_a_published_case_is_reproduced(case: str) -> None:
    computed, off = CASES[case](), []
    for item in expected(case):
        key, wanted, tolerance = item["key"], item["value"], item["tol_abs"]
        found = computed.get(key)
        if isinstance(wanted, bool | list):
            agrees = found == wanted if not isinstance(wanted, list) or wanted == [] else sorted(found or []) == sorted(wanted)
        else:
            agrees = found is not None and abs(float(found) - wanted) <= tolerance * (1 + 1e-9)
        off += [] if agrees else [f"{key}: {wanted} ± {tolerance}, computed {found}"]
    assert not off, "\n".join(["", *off])
