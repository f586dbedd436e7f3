"""A YAML text becomes texts with places; what YAML would make of them is never asked."""

from __future__ import annotations

import pytest
import yaml

from guiju.base.diagnostics import Problems
from guiju.standard import document
from guiju.standard.document import Fields, Item, Listing, Scalar, read


def plain(item: Item | None) -> object:
    match item:
        case Scalar():
            return item.text
        case Listing():
            return [plain(each) for each in item.items]
        case Fields():
            return {key.text: plain(value) for key, value in item.entries}
    return None


def read_plain(text: str) -> object:
    problems = Problems()
    found = plain(read(text, "a.yaml", problems).root)
    assert not problems.found, [d.code for d in problems.found]
    return found


@pytest.mark.parametrize("written", [
    "no", "yes", "on", "off", "true", "null", "~", "12:30", "1:1:1", "0123", "0x1F", "0o17", "1e-3", "1_000", ".inf", ".nan", "2024-01-01",
    "2024-01-01 10:00:00", "=", "<<", "1.0", "+1",
])  # fmt: skip
def test_a_plain_value_stays_what_was_written(written: str) -> None:
    """YAML 1.1 would read no as false, 12:30 as 750, 0123 as 83 and 1e-3 as text."""
    assert read_plain(f"a: {written}\nb: [{written}]\n{written}: c\n") == {"a": written, "b": [written], written: "c"}


def test_quotes_and_blocks_give_the_text_within() -> None:
    text = "a: 'it''s'\nb: \"tab\\tx\"\nc: |\n  one\n  two\nd: >\n  one\n  two\n"
    assert read_plain(text) == {"a": "it's", "b": "tab\tx", "c": "one\ntwo\n", "d": "one two\n"}


def test_keys_may_be_numbers_and_words_of_yaml() -> None:
    assert read_plain("1: a\nno: b\n4.1: c\n'': d\n") == {"1": "a", "no": "b", "4.1": "c", "": "d"}


@pytest.mark.parametrize(("line", "column"), [("key: 13.9 kWh", 6), ("key: '13.9 kWh'", 7), ('key: "13.9 kWh"', 7), ("key:    13.9 kWh  # x", 9)])
def test_a_part_of_a_value_is_found_where_it_stands(line: str, column: int) -> None:
    root = read(f"# 限值\n{line}\n", "a.yaml", Problems()).root
    assert isinstance(root, Fields)
    value = root.entries[0][1]
    assert isinstance(value, Scalar)
    span = value.part(5, 8)
    assert (span.line, span.column, span.end_column) == (2, column + 5, column + 8)
    assert line[span.column - 1 : span.end_column - 1] == "kWh"


@pytest.mark.parametrize("value", ["'it''s'", '"a\\tb"', "|\n  one", "one\n  two"])
def test_where_a_value_is_not_letter_for_letter_its_whole_stretch_is_shown(value: str) -> None:
    root = read(f"key: {value}\n", "a.yaml", Problems()).root
    assert isinstance(root, Fields)
    scalar = root.entries[0][1]
    assert isinstance(scalar, Scalar)
    assert scalar.part(1, 2) == scalar.span


def test_the_reader_in_python_gives_the_same_as_the_one_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without libyaml, places and texts are the same."""
    text = "a: 1090 kg\nb: {c: 'x', d: [1, 2]}\n限值: \"y\"\n"
    by_c = read(text, "a.yaml", Problems())
    monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    assert read(text, "a.yaml", Problems()) == by_c


def test_what_is_not_text_is_refused_and_not_raised() -> None:
    for text in ("a: \ud800", "a: \ufffe", "\x00", 'a: "\x1b"'):
        problems = Problems()
        assert read(text, "a.yaml", problems).root is None
        assert [d.code for d in problems.found] == ["yaml-syntax"]
