"""Formatting changes the looks and nothing else: the same standard, every comment, and nothing more to do the second time."""

from __future__ import annotations

import dataclasses
import os
import random
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checking import shelf
from guiju.base.diagnostics import Problems, Span
from guiju.cli import authoring
from guiju.cli.console import Exit
from guiju.standard import formatting
from guiju.standard.document import Scalar, read
from guiju.standard.formatting import formatted
from guiju.standard.layout import Branch
from guiju.standard.parse import parse_standard
from random_documents import document

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted([*ROOT.glob("standards/*/*/*.yaml"), *ROOT.glob("properties/*.yaml"), *ROOT.glob("conformance/**/*.yaml"), *ROOT.glob("examples/*.yaml")])


def laid_out(text: str) -> str:
    problems = Problems()
    made = formatted(text, "test.yaml", problems)
    assert made is not None, [d.message("en") for d in problems.found]
    return made


def placeless(value: Any) -> Any:
    """A model without its places, and expressions by what they say."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Span):
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [placeless(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [(key, placeless(each)) for key, each in value.items()]
    return [placeless(each) for each in value] if isinstance(value, tuple | list) else value


def standard_in(text: str, examples: str | None = None) -> tuple[Any, list[str]]:
    problems = Problems()
    beside = None if examples is None else read(examples, "examples.yaml", problems)
    made = parse_standard(read(text, "standard.yaml", problems), beside, shelf().dictionary, problems)
    return placeless(made), sorted(d.code for d in problems.found)


@pytest.mark.parametrize("path", SHIPPED, ids=[f"{path.parent.name}/{path.name}" for path in SHIPPED])
def test_what_is_shipped_keeps_its_meaning_and_is_done_at_once(path: Path) -> None:
    text = path.read_text("utf-8")
    made = laid_out(text)
    assert laid_out(made) == made
    assert yaml.load(made, Loader=yaml.BaseLoader) == yaml.load(text, Loader=yaml.BaseLoader)
    if path.name == "standard.yaml" and path.parent.parent.parent.name == "standards":
        examples = path.with_name("examples.yaml").read_text("utf-8")
        assert standard_in(made, laid_out(examples)) == standard_in(text, examples)


@pytest.mark.parametrize("seed", range(int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "60"))))
def test_random_standards_keep_their_meaning_with_comments_anywhere(seed: int) -> None:
    used = document(seed, number="T/RANDOM 2") if seed % 3 == 0 else None
    plain = document(seed, used).text
    chance = random.Random(seed)
    text, wanted = commented(respaced(plain, chance), chance)
    made = laid_out(text)
    assert standard_in(made) == standard_in(plain)
    assert laid_out(made) == made
    assert sorted(re.findall(r"# c\d+\b", made)) == sorted(wanted)
    assert wanted


def respaced(text: str, chance: random.Random) -> str:
    """The same document in another hand: blocks for braces, other indentation, other order of keys, blank lines."""
    value = yaml.load(text, Loader=yaml.BaseLoader)
    clauses = {no: dict(sorted(each.items(), key=lambda _: chance.random())) for no, each in value["clauses"].items()}
    flow = chance.choice((None, False, True))
    value = {**value, "clauses": clauses}
    made = yaml.dump(value, default_flow_style=flow, sort_keys=False, allow_unicode=True, indent=chance.choice((2, 3, 4)), width=chance.choice((40, 90, 10_000)))
    return made if chance.random() < 0.8 else text


def commented(text: str, chance: random.Random) -> tuple[str, list[str]]:
    """The text with comments and blank lines wherever YAML allows some: where the document stays the same."""
    lines, wanted = text.splitlines(), list[str]()
    same = yaml.load(text, Loader=yaml.BaseLoader)
    for n in range(12):
        at, word = chance.randrange(len(lines)), f"# c{n}"
        changed = list(lines)
        match chance.randrange(4):
            case 0:
                changed.insert(at, " " * chance.randrange(7) + word)
            case 1:
                changed[at] += f"  {word}"
            case 2:
                cut = chance.choice([m.end() for m in re.finditer(r"[,{\[]", lines[at])] or [len(lines[at])])
                indent = " " * (len(lines[at]) - len(lines[at].lstrip()) + 3)
                changed[at : at + 1] = [f"{lines[at][:cut]} {word}", indent + lines[at][cut:].strip()]
            case _:
                changed.insert(at, "")
                word = ""
        try:
            kept = yaml.load("\n".join(changed), Loader=yaml.BaseLoader) == same
        except yaml.YAMLError:
            continue
        tokens = [t.value for t in yaml.scan("\n".join(changed)) if isinstance(t, yaml.ScalarToken)]
        if kept and not any(word in token for token in tokens if word):
            lines = changed
            wanted += [word] if word else []
    return "\n".join(lines) + "\n", wanted


UNKEMPT = """# about the file

guiju:   1
inputs:
    a:   { "is" : vehicle.mass.curb,unit: 'kg',   decimals: "0", max: 9, min: 1 }  # the mass


    # b is left out
standard:
- x
clauses: # all of them
  "4.1": {source: s, shall: 'a<=10 kg   and  a >=  0 kg', zh: "甲", en: it's "a"}
  # above the second
  "4.2":
    en: b
    # why
    shall: a <= 1_000 kg
    except: [{when: a>5 kg, # a reason
       exempt: true}]
  # "4.3": {}
# at the end
"""
KEMPT = """# about the file

guiju: 1

standard:
  - x

inputs:
  a: {"is": vehicle.mass.curb, unit: kg, decimals: "0", min: 1, max: 9}  # the mass

  # b is left out

clauses:  # all of them
  "4.1": {zh: 甲, en: it's "a", shall: a <= 10 kg and a >= 0 kg, source: s}
  # above the second
  "4.2":
    en: b
    # why
    shall: a <= 1_000 kg
    except:
      - when: a > 5 kg  # a reason
        exempt: true
  # "4.3": {}
# at the end
"""


def test_it_looks_so() -> None:
    made = laid_out(UNKEMPT)
    assert made == KEMPT
    assert laid_out(made) == made


@pytest.mark.parametrize(("written", "kept"), [
    ("a<=b", "a <= b"), ("1.0<=x<2.50 kg", "1.0 <= x < 2.50 kg"), ("f( a ,b)", "f( a, b)"), ("k=='a  <=b'", "k == 'a  <=b'"),
    ("「a  b」<= 1", "「a  b」 <= 1"), ("a ≤\n  b", "a ≤ b"), ("a <=", "a <="), ("13.8kWh/100km", "13.8kWh/100km"), ("x in{'a','b'}", "x in{'a', 'b'}"),
])  # fmt: skip
def test_an_expression_is_spaced_only_where_it_stays_the_same(written: str, kept: str) -> None:
    made = laid_out("clauses:\n  c:\n    shall: |-\n      " + written.replace("\n", "\n      ") + "\n")
    assert yaml.load(made, Loader=yaml.BaseLoader)["clauses"]["c"]["shall"] in (kept, written)
    if "\n" not in written:
        made = laid_out(f"clauses:\n  c:\n    shall: {formatting._quoted(written)}\n")
        assert yaml.load(made, Loader=yaml.BaseLoader)["clauses"]["c"]["shall"] == kept


@pytest.mark.parametrize("text", [
    "", " a", "a ", "- a", "-a", "? a", "a: b", "a:", "a #b", "#a", "a\nb", "a\n", "\na\n", "  a\nb", "a\n\n\nb\n\n", "tab\there", "'", '"', "it's", 'say "x"', "\\",
    "[a", "a]", "{a}", "a, b", "&a", "*a", "!a", "|", ">", "%", "@a", "`a", "---", "--- a", "...", "=", "<<", "~", "null", "true", "1.10", "0x1", "1e3", "2026-01-31",
    "12:30", "\x07", "\x85", "\u2028", "\ufeffa", "中文：，。", "😀", "a  b", "x" * 300, "word " * 60 + "end", "# " * 90 + "a", "-", "?", ":", "a:b", ":a", "\x7f",
])  # fmt: skip
def test_every_text_survives(text: str) -> None:
    for flow in (False, True):
        for style in ('"', "'", None):
            source = yaml.dump({"k": [text, {"zh": text}], "z": text}, default_flow_style=flow, default_style=style, allow_unicode=True)
            read_back = yaml.load(source, Loader=yaml.BaseLoader)
            made = laid_out(source)
            assert yaml.load(made, Loader=yaml.BaseLoader) == read_back
            assert laid_out(made) == made


def test_what_cannot_be_read_is_reported_and_left() -> None:
    for text, code in (("a: [1", "yaml-syntax"), ("a: &x 1", "yaml-feature"), ("a: 1\na: 2", "duplicate-key")):
        problems = Problems()
        assert formatted(text, "test.yaml", problems) is None
        assert [d.code for d in problems.found] == [code]


def test_a_change_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(branch: Branch, kind: Any) -> Any:
        return branch.entries[:-1]

    monkeypatch.setattr(formatting, "_ordered", careless)
    problems = Problems()
    assert formatted("a: 1\nb: 2\n", "test.yaml", problems) is None
    assert [d.code for d in problems.found] == ["format-would-change"]
    problems = Problems()
    monkeypatch.undo()
    monkeypatch.setattr(formatting._Writer, "entry", lambda self, entry, kind, indent: [f"{entry.key.text}: {entry.value.text}"])
    assert formatted("a: 1  # lost\n", "test.yaml", problems) is None
    assert [d.code for d in problems.found] == ["format-would-change"]


def test_the_command_checks_writes_and_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "gb" / "X"
    folder.mkdir(parents=True)
    file, other = folder / "standard.yaml", folder / "notes.yaml"
    file.write_bytes(b"b:   1\r\na: 2\r\n")
    file.chmod(0o640)
    other.write_text("b:   1\n")
    assert authoring.format_files([tmp_path], check=True) is Exit.FAILS
    assert file.read_bytes() == b"b:   1\r\na: 2\r\n"
    assert authoring.format_files([tmp_path], check=False) is Exit.OK
    assert file.read_bytes() == b"b: 1\n\na: 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert authoring.format_files([tmp_path], check=True) is Exit.OK
    assert other.read_text() == "b:   1\n"
    assert [path.name for path in sorted(folder.iterdir())] == ["notes.yaml", "standard.yaml"]
    assert authoring.format_files([other, tmp_path / "nowhere"], check=True) is Exit.WRONG_INPUT
    file.write_text("a: [1\n")
    assert authoring.format_files([file], check=False) is Exit.WRONG_INPUT
    assert file.read_text() == "a: [1\n"
    capsys.readouterr()
