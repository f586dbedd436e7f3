"""The hash of a standard's content: what changes it and what does not."""

from __future__ import annotations

from dataclasses import dataclass, field

from guiju.base.diagnostics import Problems
from guiju.standard.content import content_hash
from guiju.standard.document import Document, read

BASE = "guiju: 1\nstandard: {number: A 1}\nclauses: {'1': {shall: x <= 5}, '2': {shall: x >= 1}}\n"
USER = "guiju: 1\nstandard: {number: B 1}\nuses: {a: A 1}\n"


def document(text: str) -> Document:
    problems = Problems()
    made = read(text, "x.yaml", problems)
    assert not problems.found
    return made


@dataclass
class Texts:
    texts: dict[str, str] = field(default_factory=dict)
    grid: list[str] = field(default_factory=list)
    """The values of the one factor there is."""

    def document(self, number: str) -> Document | None:
        return document(self.texts[number]) if number in self.texts else None

    def numbers(self) -> list[str]:
        return list(self.texts)

    def factor(self, id_: str, kind: str, region: str) -> list[str]:
        return self.grid if (id_, kind, region) == ("grid", "average", "CN") else []


def test_layout_and_comments_are_no_content() -> None:
    other = "# a remark\nguiju:   '1'\nstandard:\n  number: A 1\nclauses:\n  \"1\":\n    shall: x <= 5   # why\n  '2': {shall: x >= 1}\n"
    assert content_hash(document(BASE)) == content_hash(document(other))


def test_a_digit_the_order_of_clauses_and_a_kind_are_content() -> None:
    changed = (BASE.replace("5", "6"), BASE.replace("'1'", "'3'"), BASE.replace("{shall: x <= 5}", "[shall, x <= 5]"),
               "guiju: 1\nstandard: {number: A 1}\nclauses: {'2': {shall: x >= 1}, '1': {shall: x <= 5}}\n")  # fmt: skip
    assert len({content_hash(document(text)) for text in (BASE, *changed)}) == 5


def test_the_content_of_what_is_used_counts_however_far_away() -> None:
    further = "guiju: 1\nbased_on: B 1\n"
    texts = Texts({"A 1": BASE, "B 1": USER})
    before = [content_hash(document(text), texts) for text in (BASE, USER, further)]
    texts.texts["A 1"] = BASE.replace("5", "6")
    after = [content_hash(document(text), texts) for text in (BASE, USER, further)]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, False]


def test_amendments_of_a_later_date_count_and_so_does_what_they_use() -> None:
    layered = BASE + "layers: [{from: 2030-01-01, add: {uses: {a: B 1}}}]\n"
    texts = Texts({"B 1": USER})
    before = content_hash(document(layered), texts)
    texts.texts["B 1"] = USER.replace("B 1", "B  1")
    assert len({content_hash(document(BASE), texts), before, content_hash(document(layered), texts)}) == 3


def test_standards_that_rest_on_each_other_have_a_hash_too() -> None:
    texts = Texts({"A 1": "uses: {b: B 1}", "B 1": USER})
    assert len(content_hash(document(USER), texts)) == 64


def test_a_value_of_a_factor_that_is_referred_to_is_content() -> None:
    rests = "guiju: 1\nparameters: {p: {unit: kg, factor: {id: grid, kind: average, region: CN, by: published}}}\n"
    one, other = Texts(grid=["grid/2023=0.5 kg"]), Texts(grid=["grid/2023=0.6 kg"])
    assert content_hash(document(rests), one) != content_hash(document(rests), other)
    assert content_hash(document(BASE), one) == content_hash(document(BASE), other)
