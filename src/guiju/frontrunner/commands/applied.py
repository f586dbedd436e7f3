"""What `guiju frontrunner suitability` and `solutions` do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Problems
from guiju.cli.console import console, language, progress, refusals, say, table, written
from guiju.frontrunner.application.asked import opened_application, opened_composition
from guiju.frontrunner.application.fitting import Fitted, Fitting, Wanted, fit
from guiju.frontrunner.application.solving import Candidate, Exchange, Solution, Solving, solve
from guiju.frontrunner.application.suits import CONDITIONAL, GRADES, STATES, SUITED, UNKNOWN, Application
from guiju.frontrunner.application.told import fitted_json, fitting_json, solution_json, solving_json
from guiju.frontrunner.application.why import Asking, Reasons
from guiju.frontrunner.board.words import ILLUSTRATIVE
from guiju.frontrunner.commands.library import pairs
from guiju.frontrunner.library.library import Library, read_library
from guiju.report.written import ready_at, write_whole
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    scenarios: tuple[str, ...]
    state: str
    grade: str
    brand: str
    region: str
    price: str
    on: str | None


def wanted(asked: Asked, application: Application) -> Wanted:
    """
    raises   Refused: unknown-word, not-a-number, application-state
    """
    problems = Problems()
    for name, known in ((asked.state, STATES), (asked.grade, {**GRADES, UNKNOWN: ""})):
        if name and name not in known:
            problems.add("unknown-word", None, word=name, known=", ".join(known))
    for name in asked.scenarios:
        if name not in application.scenarios:
            problems.add("unknown-word", None, word=name, known=", ".join(application.scenarios), **did_you_mean(name, application.scenarios))
    if asked.state and len(asked.scenarios) != 1:
        problems.add("application-state", None, known=", ".join(application.scenarios))
    low, _, high = asked.price.partition("..") if ".." in asked.price else (asked.price, "", asked.price)
    bounds = [_price(each, problems) for each in (low, high)]
    problems.refuse_errors()
    return Wanted((), asked.scenarios[0] if asked.state else "", asked.state, asked.brand, asked.region, asked.grade, bounds[0], bounds[1])


def _price(text: str, problems: Problems) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "")) if text.strip() else None
    except InvalidOperation:
        found = Decimal("NaN")
    if found is not None and not found.is_finite():
        problems.add("not-a-number", None, text=text)
        return None
    return found


def suitability(library: Path, asked: Asked, *, why: bool, rows: int, to: Path | None, overwrite: bool, as_json: bool) -> None:
    """Prints the matrix with the counts, or writes every product."""
    shelf = Shelf()
    with refusals():
        if to is not None:
            ready_at(to, overwrite)
            if to.suffix.lower() not in (".csv", ".json"):
                _refuse("application-form", to)
        application = opened_application(shelf, on=as_of(asked.on))
        narrowed = wanted(asked, application)
        found = fit(application, _read(library, shelf))
    asking = Asking(application, shelf)
    listed, total = found.rows(narrowed, per_page=None if to is not None else rows or 1)
    if not rows and to is None:
        listed = []
    reasons = _reasons(found, asking, listed) if why or as_json or to is not None else {}
    body = fitting_json(found, narrowed, (fitted_json(each, reasons.get(each.row, {})) for each in listed), total)
    if to is not None:
        text = json.dumps(body, ensure_ascii=False, indent=1) if to.suffix.lower() == ".json" else _csv(found, listed, reasons)
        write_whole(text.encode("utf-8-sig" if to.suffix.lower() == ".csv" else "utf-8"), to, overwrite)
        written(to)
    elif as_json:
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        _show(found, body, listed, total, reasons, asked.scenarios)


def _refuse(code: str, to: Path) -> None:
    problems = Problems()
    problems.add(code, None, file=to.name, known=".csv .json")
    problems.refuse_errors()


def _read(library: Path, shelf: Shelf) -> Library:
    with progress(say("读取企业标准库", "reading the library")) as tell:
        return read_library(library, shelf.dictionary, progress=tell)


def _reasons(found: Fitting, asking: Asking, listed: Sequence[Fitted]) -> dict[int, dict[str, Reasons]]:
    return {row: asking.reasons(record) for row, record in found.records([each.row for each in listed]).items()}


def _state(name: str) -> str:
    mark, title = STATES[name]
    return f"{mark} {title.text(language())}"


def _grade(name: str | None) -> str:
    return GRADES[name].text(language()) if name else STATES[UNKNOWN][1].text(language())


def _show(found: Fitting, body: dict[str, Any], listed: Sequence[Fitted], total: int, reasons: dict[int, dict[str, Reasons]],
          only: Sequence[str]) -> None:  # fmt: skip
    if found.illustrative:
        console().print(f"! {say(*ILLUSTRATIVE)}", style="yellow", markup=False)
    names = {name: title for name, title in found.application.scenarios.items() if not only or name in only}
    header = (say("产品", "product"), say("型号", "model"), say("水平", "grade"), *(title.text(language()) for title in names.values()))
    table(say("适用性", "suitability"), header, [(each.product, each.model, _grade(each.grade), *(_state(each.suits[name]) for name in names))
                                              for each in listed])  # fmt: skip
    if total > len(listed):
        console().print(say(f"  另有 {total - len(listed):,} 个产品", f"  {total - len(listed):,} more products"), style="dim")
    counts = [(title.text(language()), *(f"{each['counts'][state]:,}" for state in STATES))
              for each in body["scenarios"] if each["scenario"] in names for title in [names[each["scenario"]]]]  # fmt: skip
    table(say("各场景的产品数", "products by scenario"), (say("场景", "scenario"), *(_state(name) for name in STATES)), counts, right=range(1, 6))
    for each in listed:
        for name, why in reasons.get(each.row, {}).items():
            if name in names:
                _why(each, names[name].text(language()), each.suits[name], why)


def _why(each: Fitted, scenario: str, state: str, why: Reasons) -> None:
    if state not in (SUITED, CONDITIONAL, "unsuited", UNKNOWN) or state == SUITED:
        return
    console().print(f"\n{each.product} {each.model} · {scenario}: {_state(state)}", style="bold", markup=False)
    for word, shorts in ((CONDITIONAL, why.conditional), (SUITED, why.suited)):
        if shorts:
            console().print(say("  要达到", "  to be ") + _state(word), markup=False)
        for short in shorts:
            console().print(f"    {short.told.text(language())}", markup=False)
            for held in short.held:
                console().print(f"      {held.told.text(language())}", style="dim", markup=False)


def _csv(found: Fitting, listed: Iterable[Fitted], reasons: dict[int, dict[str, Reasons]]) -> str:
    """A row for each product: what is said in each scenario, and why it is not suited."""
    out, names = io.StringIO(), found.application.scenarios
    made = csv.writer(out)
    made.writerow(
        ["product", "brand", "model", "enterprise", "region", "price_yuan", "grade", *names, *(f"why {name}" for name in names), "evidence"]
    )
    for each in listed:
        whys = [say("；", "; ").join(short.told.text(language()) for short in reasons[each.row][name].suited)
                if each.suits[name] != "outside" else "" for name in names]  # fmt: skip
        made.writerow([each.product, each.brand, each.model, each.enterprise, each.region, "" if each.price is None else each.price,
                       each.grade or UNKNOWN, *each.suits.values(), *whys, "illustrative" if found.illustrative else ""])  # fmt: skip
    return out.getvalue()


# solutions


def solutions(library: Path, part: Sequence[str], pick: Sequence[str], grade: str, *, rows: int, on: str | None, as_json: bool) -> None:
    """Prints how many combinations reach each grade, what holds them back, and the best of them with what would lift them."""
    shelf = Shelf()
    with refusals():
        problems = Problems()
        composition = opened_composition(shelf, on=as_of(on))
        known = [each.alias for each in composition.parts]
        others, picked = pairs(part), pairs(pick)
        for alias in (*others, *picked):
            if alias not in known:
                problems.add("unknown-word", None, word=alias, known=", ".join(known))
        if grade and grade not in (*GRADES, UNKNOWN):
            problems.add("unknown-word", None, word=grade, known=", ".join((*GRADES, UNKNOWN)))
        problems.refuse_errors()
        read: dict[Path, Library] = {}
        for path in (Path(others.get(alias, library)) for alias in known):
            read.setdefault(path, _read(path, shelf)) if path not in read else None
        found = solve(composition, {alias: read[Path(others.get(alias, library))] for alias in known})
        numbers = _picked(found, picked)
    listed, total = found.solutions(grade, numbers, per_page=rows or 1)
    listed = listed if rows else []
    if as_json:
        told = [solution_json(found, each, found.exchanges(each)) for each in listed]
        print(json.dumps({**solving_json(found), "listed": total, "solutions": told}, ensure_ascii=False, indent=1))
    else:
        _solutions(found, listed, total)


def _picked(found: Solving, picked: dict[str, str] | Any) -> dict[int, int]:
    """Place of a part → the number of the product named.

    raises   Refused: unknown-product
    """
    problems, numbers = Problems(), {}
    for at, part in enumerate(found.composition.parts):
        if part.alias in picked:
            key = picked[part.alias]
            known = {each.product: n for n, each in found.candidates(at, most=1_000_000).items()}
            if key in known:
                numbers[at] = known[key]
            else:
                problems.add("solution-product", None, part=part.alias, name=key, **did_you_mean(key, known))
    problems.refuse_errors()
    return numbers


def _solutions(found: Solving, listed: Sequence[Solution], total: int) -> None:
    if found.illustrative:
        console().print(f"! {say(*ILLUSTRATIVE)}", style="yellow", markup=False)
    parts = found.composition.parts
    counts = "，".join(f"{part.title.text(language())} {found.counts[part.alias]:,}" for part in parts)
    console().print(say(f"{counts}，共 {found.total:,} 种组合", f"{counts.replace('，', ', ')}: {found.total:,} combinations"), markup=False)
    table(say("水平", "grades"), (say("水平", "grade"), say("组合", "combinations")),
          [(_grade(name if name != UNKNOWN else None), f"{n:,}") for name, n in found.grades().items()], right=[1])  # fmt: skip
    titles = {part.alias: part.title.text(language()) for part in parts}
    standard = found.composition.program.standard
    table(say("没有达到先进的组合弱在哪里", "what holds back those that are not advanced"), (say("环节", "link"), say("组合", "combinations")),
          [(titles.get(name) or f"{name} {standard.clauses[name].title.text(language())}", f"{n:,}") for name, n in found.held_back().items()],
          right=[1])  # fmt: skip
    rows = []
    for each in listed:
        names = [_product(found.candidates(at, [n])[n]) for at, n in enumerate(each.parts)]
        unfit = [no for no in each.failing if no in found.composition.fits]
        weak = say("、", ", ").join([*(titles[parts[at].alias] for at in each.weakest), *unfit])
        lifts = say("；", "; ").join(_lift(found, one) for one in found.exchanges(each, 1))
        rows.append((*names, _grade(each.grade), weak, lifts))
    header = (*titles.values(), say("水平", "grade"), say("弱在", "weakest"), say("换一个可达", "one exchange gives"))
    table(say("组合", "combinations"), header, rows)
    if total > len(listed):
        console().print(say(f"  另有 {total - len(listed):,} 种", f"  {total - len(listed):,} more"), style="dim")


def _lift(found: Solving, one: Exchange) -> str:
    part = found.composition.parts[one.at].title.text(language())
    return f"{part} → {_product(found.candidates(one.at, [one.part])[one.part])}: {_grade(one.grade)}"


def _product(each: Candidate) -> str:
    return each.model or each.product
