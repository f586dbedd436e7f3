"""Form: the inputs of a program as fields, in groups of what belongs together: the product, each scenario, each child."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guiju.base.diagnostics import Diagnostic, Language
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.standard.model import Input


@dataclass(frozen=True, slots=True)
class Field:
    """One input.

    value     as typed
    hint      its range and decimals, in words
    choices   (value, label) of a category or of yes and no
    step      of a number
    problems  what is wrong with what was typed
    """

    name: str
    id: str
    label: str
    kind: str
    unit: str
    value: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """title   empty for what is asked of the product itself"""

    title: str
    fields: tuple[Field, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything in it is filled in or wrong."""
        return not self.title or any(f.value or f.problems for f in self.fields)


def field_id(name: str) -> str:
    """The id of a field: names of scenarios and children hold signs that a link would have to escape."""
    return "field-" + re.sub(r"[^\w-]", "-", name)


def groups(program: Program, given: Mapping[str, str], found: Iterable[Diagnostic], language: Language) -> list[Group]:
    """The fields of every input the program uses.

    given   input name or property → text
    """
    wrong: dict[str, list[str]] = {}
    for each in found:
        wrong.setdefault(each.facts.get("field", ""), []).append(each.message(language))
    authored = program.standard.authored.inputs
    made: dict[str, list[Field]] = {"": []}
    for name in program.used_inputs:
        declared = program.inputs[name]
        field = _field(declared, authored.get(declared.authored_name), given.get(name, given.get(declared.is_, "")), wrong.get(name, []), language)
        made.setdefault(_group(program, declared, language), []).append(field)
    return [Group(title, tuple(fields)) for title, fields in made.items() if fields]


def _group(program: Program, declared: Input, language: Language) -> str:
    """Which scenario and which child an unrolled input belongs to."""
    s = program.standard
    scenario, child = re.search(r"@([^#]+)", declared.name), re.search(r"#(\d+)", declared.name)
    told = []
    if scenario and s.scenarios and scenario[1] in s.scenarios.labels:
        told.append(s.scenarios.labels[scenario[1]].text(language))
    if child and declared.of is not None and declared.of in s.children:
        told.append(f"{s.children[declared.of].title.text(language)} {child[1]}")
    return " · ".join(told)


def _field(declared: Input, authored: Input | None, value: str, problems: list[str], language: Language) -> Field:
    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    choices: tuple[tuple[str, str], ...] = ()
    if declared.kind == "category":
        choices = tuple((v, declared.labels[v][language == "en"] if v in declared.labels else v) for v in declared.values)
        choices = tuple((v, label if label.startswith(v) else f"{label}（{v}）" if language == "zh" else f"{label} ({v})") for v, label in choices)
    elif declared.kind == "boolean":
        choices = (("yes", say("是", "yes")), ("no", say("否", "no")))
        value = {"true": "yes", "false": "no", "是": "yes", "否": "no"}.get(value, value)
    low, high = declared.minimum, declared.maximum
    hint = ""
    if declared.kind == "number" and low is not None and high is not None:
        hint = f"{decimal_text(low)} – {decimal_text(high)}"
        places = declared.decimals or 0
        hint += say("，整数", ", whole") if not places else say(f"，{places} 位小数", f", {places} decimal{'s' if places > 1 else ''}")
    unit = declared.unit_text
    label = (authored or declared).title(language)
    if unit and value.endswith(f" {unit}"):
        value = value.removesuffix(f" {unit}")
    return Field(declared.name, field_id(declared.name), label, declared.kind, unit, value, hint, choices, tuple(problems))
