"""Regions: which is within which, by which words they are found, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from guiju.base.diagnostics import Refused
from guiju.standard.regions import Regions, load_regions
from guiju.standard.shelf import Shelf


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


@pytest.mark.parametrize("word", ["CN-32", "cn-32", "江苏", "jiangsu"])
def test_a_region_is_found_by_its_code_and_by_its_names(regions: Regions, word: str) -> None:
    assert regions.named(word).code == "CN-32"


def test_what_is_issued_for_a_whole_applies_in_its_parts_and_not_the_other_way(regions: Regions) -> None:
    assert [whole.code for whole in regions.wholes("CN-320500")] == ["CN-320500", "CN-32", "CN", "GLOBAL"]
    assert regions.applies("CN", "CN-320500") and regions.applies("CN-11, CN-12, CN-13", "CN-13")
    assert not regions.applies("CN-32", "CN") and not regions.applies("CN-32", "CN-33") and not regions.applies("UN", "CN-31")


def test_every_standard_on_the_shelf_is_of_a_known_region(regions: Regions) -> None:
    shelf = Shelf()
    of = {s.number: regions.issued_for(s.region) for path in shelf.paths().values() if (s := shelf.open(path).standard)}
    assert {number: codes for number, codes in of.items() if not set(codes) <= set(regions.held)} == {}


def test_an_unknown_region_is_refused_with_the_name_that_is_near(regions: Regions) -> None:
    with pytest.raises(Refused) as refused:
        regions.named("Jiangsoo")
    (said,) = refused.value.diagnostics
    assert said.code == "unknown-region" and "Jiangsu" in str(said.facts["hint_en"])


def test_a_region_within_itself_or_within_nothing_known_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("A: {zh: 甲, en: a, within: B}\nB: {zh: 乙, en: b, within: A}\nC: {zh: 丙, en: c, within: D}\n", "utf-8")
    with pytest.raises(Refused) as refused:
        load_regions([tmp_path])
    assert [(d.code, d.span.line if d.span else 0) for d in refused.value.diagnostics] == [
        ("region-within-itself", 1), ("region-within-itself", 2), ("unknown-region", 3)]  # fmt: skip
