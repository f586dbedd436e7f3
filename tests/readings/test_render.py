from __future__ import annotations

from html.parser import HTMLParser

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.render import read_back, render, surface
from readings_sample import program

NUMBERS = sorted(shelf().numbers())


def shipped(number: str) -> Program:
    standard = shelf().find(number)
    assert standard is not None
    return check(standard, None, shelf(), Problems())


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_expression_of_the_rendered_text_reads_back_to_what_was_written(number: str, language: str):
    made = shipped(number)
    assert read_back(render(made, language), made, language) == surface(made.standard.authored)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_indicators_grades_relief_and_dated_parameters_read_back_too(language: str):
    made = program(None)
    assert len(surface(made.standard)) > 20
    assert read_back(render(made, language), made, language) == surface(made.standard)  # type: ignore[arg-type]


def test_a_changed_number_in_the_text_does_not_read_back():
    made = program(None)
    changed = render(made, "en").replace("0.005", "0.006")
    assert read_back(changed, made, "en") != surface(made.standard)


class _Balanced(HTMLParser):
    VOID = ("meta", "br", "link")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("number", NUMBERS)
def test_the_html_page_is_well_formed_and_names_every_clause_and_source(number: str):
    made = shipped(number)
    page = render(made, "zh", "html")
    parser = _Balanced()
    parser.feed(page)
    assert parser.open == []
    assert 'lang="zh-CN"' in page
    for clause in made.standard.authored.clauses.values():
        assert clause.no in page
    for source in made.standard.sources.values():
        assert source.id in page


def test_what_was_left_out_is_printed():
    made = shipped("GB 36980.1-2025")
    assert made.standard.left_out
    for title in made.standard.left_out:
        assert title.zh in render(made, "zh")
        assert title.en in render(made, "en")
