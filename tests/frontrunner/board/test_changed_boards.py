"""What changed between two board runs: nothing from a run to itself, the inverse the other way round, each change with its cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boarding import GOOD, SCHEME, STANDARD, Held, library, opened, run
from guiju.base.diagnostics import Refused
from guiju.frontrunner.board.changed import INVERSE, Change, Changes, changes_between
from guiju.frontrunner.board.changed_told import CAUSES, causes_text, changes_json, kind_text, standing_text
from guiju.frontrunner.board.comparing import OVERALL
from guiju.frontrunner.board.kept import KeptBoards
from guiju.frontrunner.board.model import Formed
from guiju.frontrunner.board.placed import from_tables
from guiju.frontrunner.board.placing import PLACED
from guiju.frontrunner.board.twin import boards_json
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.scheme import Scheme
from guiju.frontrunner.scheme_meaning import Opened
from guiju.standard.model import Title
from guiju.store.results import Request, Result


@dataclass(frozen=True)
class Runs:
    """Runs kept as their tables, as a result is."""

    scheme: Opened
    folder: Path

    def kept(self, held: Held, name: str, scheme: Opened | None = None, barred: Sequence[str] = ()) -> KeptBoards:
        used = scheme or self.scheme

        def form(declared: DeclaredStandard, _: Scheme) -> Formed:
            return Formed((Title("引用失效", "a dead reference"),), Fraction(1, 2)) if declared.number in barred else Formed((), Fraction(1))

        found = run(used, held, form)
        files = [self.folder / f"{name}-{table}.parquet" for table in (PLACED, OVERALL)]
        for file, table in zip(files, (PLACED, OVERALL), strict=True):
            held.connection.execute(f"COPY {table} TO '{file}' (FORMAT parquet)")
        body: dict[str, Any] = boards_json(found)
        needs = {each["name"]: each["inputs"] for each in body["indicators"]}
        placed = from_tables(duckdb.connect(), files[0], files[1], used.scheme, len(body["range_titles"]), body["inputs"], needs,
                             [Fraction(each) for each in body["drafting"]])  # fmt: skip
        result = Result(name, "", "board", Request("board", ()), (), found.cited.library, "guiju", "", "", (), None, datetime(2026, 1, 1, tzinfo=UTC), "")
        return KeptBoards(result, used.scheme, body, found.hash, placed)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("changed")
    return Runs(opened(folder), folder)


ROWS: list[dict[str, Any]] = [{"enterprise": f"E{at}", "standard": f"Q/{at}", "model": f"m{at}", "product": f"p{at}"} for at in range(3)]


def changed(found: Changes, standard: str, indicator: str) -> Change | None:
    return next((each for each in found.changes if (each.standard, each.indicator) == (standard, indicator)), None)


def edited(**changes: Any) -> list[dict[str, Any]]:
    """The rows with the first of them changed."""
    return [{**ROWS[0], **changes}, *ROWS[1:]]


def since(runs: Runs, after: Sequence[Mapping[str, Any]], **asked: Any) -> Changes:
    return changes_between(runs.kept(library(ROWS), "before"), runs.kept(library(after), "after", **asked))


def test_a_declared_value_that_falls_is_told_with_the_values(runs: Runs) -> None:
    each = changed(since(runs, edited(range="450")), "Q/0", "i_range")
    assert each is not None and (each.kind, each.before, each.after, each.why) == ("fell", 1, 3, ("value",))
    assert each.models == (("m0", 650.0, 450.0),)
    assert (kind_text(each, "en"), standing_text(each, 1, "en"), causes_text(each, "en")) == ("fell", "baseline ★★★", "a declared value changed")
    assert changed(since(runs, edited(range="390")), "Q/0", "i_range").kind == "left"  # type: ignore[union-attr]


def test_another_edition_is_named(runs: Runs) -> None:
    each = changed(since(runs, edited(range="450", edition="2026")), "Q/0", "i_range")
    assert each is not None and each.editions == ("2024", "2026") and each.why == ("edition", "value")


def test_a_standard_the_form_check_bars_leaves_with_the_reason(runs: Runs) -> None:
    found = since(runs, ROWS, barred=("Q/0",))
    each = changed(found, "Q/0", "i_range")
    assert each is not None and (each.kind, each.why, each.bars) == ("left", ("barred",), ("", "form"))
    assert standing_text(each, 1, "en") == "the standard did not pass the form check"
    whole = changed(found, "Q/0", "")
    assert whole is not None and (whole.kind, whole.after) == ("left", None)


def test_what_is_no_more_in_the_library_has_left_and_what_is_new_has_come(runs: Runs) -> None:
    found = since(runs, [*ROWS[1:], {"enterprise": "E9", "standard": "Q/9", "model": "m9", "product": "p9"}])
    gone, new = changed(found, "Q/0", "i_range"), changed(found, "Q/9", "i_range")
    assert gone is not None and new is not None
    assert (gone.kind, gone.why, new.kind, new.why) == ("left", ("undeclared",), "came", ("undeclared",))


def test_another_range_is_told_as_left_there_and_come_here(runs: Runs) -> None:
    found = [each for each in since(runs, edited(curb_mass="1100", consumption="9.00")).changes if each.indicator == "i_range"]
    assert [(each.range, each.kind, each.why) for each in found] == [(("large",), "left", ("range",)), (("small",), "came", ("range",))]


def test_a_threshold_that_moves_is_the_cause(runs: Runs, tmp_path: Path) -> None:
    stricter = opened(tmp_path, STANDARD.replace("1: 600 km", "1: 660 km"))
    found = since(runs, ROWS, scheme=stricter)
    each = changed(found, "Q/0", "i_range")
    assert each is not None and (each.kind, each.before, each.after, each.why) == ("fell", 1, 2, ("threshold",))
    assert "standard" in found.made and found.counts["i_range"] == {"fell": 3}


def test_models_that_come_are_the_cause_where_they_draw_a_standard_down(runs: Runs) -> None:
    found = since(runs, [*ROWS, {**ROWS[0], "model": "slow", "product": "p7", "range": "450"}])
    each = changed(found, "Q/0", "i_range")
    assert each is not None and (each.kind, each.why) == ("fell", ("models",))


def test_what_the_shortlist_does_to_one_that_did_not_change_is_said(runs: Runs) -> None:
    better = [{**GOOD, **row, "density": "150.0"} for row in ROWS]
    before, after = runs.kept(library(better), "was"), runs.kept(library([*better[:2], {**better[2], "density": "170.0"}]), "became")
    whole = {each.standard: each for each in changes_between(before, after).changes if not each.indicator}
    assert all(each.kind == ("rose" if name == "Q/2" else "fell") for name, each in whole.items())
    assert all(each.why == (("levels",) if name == "Q/2" else ("others",)) for name, each in whole.items())


def test_an_indicator_only_one_scheme_has_is_told_apart(runs: Runs, tmp_path: Path) -> None:
    text = STANDARD[: STANDARD.index('  "5.4"')]
    found = since(runs, ROWS, scheme=opened(tmp_path, text, SCHEME.replace("  innovative: {i_speed: {}}\n", "")))
    assert found.removed == ("i_speed",) and found.added == () and "i_speed" not in found.counts


def test_runs_of_different_schemes_are_not_compared(runs: Runs) -> None:
    other = replace(runs.scheme, scheme=replace(runs.scheme.scheme, id="vans"))
    with pytest.raises(Refused) as caught:
        since(runs, ROWS, scheme=other)
    assert [each.code for each in caught.value.diagnostics] == ["board-other-scheme"]


row = st.fixed_dictionaries({
    "at": st.integers(0, 3), "range": st.sampled_from(["390", "450", "550", "650"]), "density": st.sampled_from(["100.0", "130.0", "150.0", "", "170.0"]),
    "curb_mass": st.sampled_from(["1000", "1100", "1500"]), "speed": st.sampled_from(["90", "125", "170"]), "edition": st.sampled_from(["2024", "2026"]),
})  # fmt: skip
some = st.lists(row, max_size=6)


def rows_of(drawn: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each standard in one edition, as a library has it."""
    editions: dict[int, str] = {}
    found = []
    for number, each in enumerate(drawn):
        edition = editions.setdefault(each["at"], each["edition"])
        values = {name: value or None for name, value in each.items() if name not in ("at", "edition")}
        found.append({"enterprise": f"E{each['at']}", "standard": f"Q/{each['at']}", "model": f"m{number}", "product": f"p{number}", "edition": edition,
                      **values})  # fmt: skip
    return found


def turned(each: Change) -> Change:
    models = tuple((model, is_, was) for model, was, is_ in each.models)
    return replace(each, kind=INVERSE[each.kind], before=each.after, after=each.before, editions=each.editions[::-1], bars=each.bars[::-1], models=models)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some, some, st.sets(st.sampled_from(["Q/0", "Q/1"])))
def test_to_itself_nothing_changes_and_the_other_way_round_it_is_the_inverse(runs: Runs, one: Any, other: Any, barred: set[str]) -> None:
    a, b = runs.kept(library(rows_of(one)), "a"), runs.kept(library(rows_of(other)), "b", barred=sorted(barred))
    assert changes_between(a, a).changes == () and changes_between(b, b).total == 0
    there, back = changes_between(a, b), changes_between(b, a)
    assert [turned(each) for each in there.changes] == list(back.changes)
    assert there.total == back.total == len(there.changes) == sum(each["kind"] in INVERSE for each in changes_json(there)["changes"])
    for each in there.changes:
        assert each.why and set(each.why) <= set(CAUSES)
        if each.indicator and each.kind in ("rose", "fell"):
            assert isinstance(each.before, int) and isinstance(each.after, int) and (each.after < each.before) == (each.kind == "rose")
    paged = [each for at in range(0, there.total, 3) for each in changes_between(a, b, offset=at, limit=3).changes]
    assert paged == list(there.changes)


def test_a_run_of_no_products_compares(runs: Runs) -> None:
    found = changes_between(runs.kept(library([]), "none"), runs.kept(library(ROWS), "some"))
    assert found.counts[""] == {"came": 3} and all(each.kind == "came" for each in found.changes)
    assert "on" not in found.made
