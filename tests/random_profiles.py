"""Random profiles and amendments of random standards, and the same standards written out by hand, which must mean the same."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date

from checking import Texts, checked
from guiju.ir.program import Program
from random_documents import Writer

NUMBER, BASE = "T/PROFILE 1", "T/RANDOM 1"
FROM = "2025-01-01"
Sections = dict[str, dict[str, str]]
"""section → key → the line that declares it"""


@dataclass
class Profile:
    """A base, a profile of it with an amendment, and what they come to before and after the amendment, each as one plain document."""

    base: str
    text: str
    plain: tuple[str, str]
    changes: int


def profile(seed: int) -> Profile:
    """A random standard of which clauses and parameters are replaced, formulas and clauses removed and added, some of it by an amendment."""
    writer = Writer(random.Random(f"{seed} base of a profile"), None, BASE, False)
    base = writer.document().text
    merged, head, scope = _sections(writer)
    chance = writer.chance = random.Random(f"{seed} profile")
    writer.numbers["number"] = [name for name in writer.numbers["number"] if name != "score"]
    changes: list[tuple[str, str, str, str]] = []
    clauses, writer.made.clauses = writer.made.clauses, []
    for name in [n for n in merged.get("parameters", {}) if chance.random() < 0.4]:
        unit = re.search(r'unit: "([^"]*)"', merged["parameters"][name])
        assert unit is not None
        changes.append(("replace", "parameters", name, f'  {name}: {{unit: "{unit[1]}", value: {writer.plain()}, source: p}}'))
    for name in [n for n in merged.get("formulas", {}) if not re.search(rf"\b{n}\b", base.replace(f"  {n}:", ""))]:
        writer.numbers = {dimension: [known for known in names if known != name] for dimension, names in writer.numbers.items()}
        changes.append(("remove", "formulas", name, ""))
    for name in [f"n{n}" for n in range(chance.randint(0, 2))]:
        writer.lines = {}
        writer._formula(name)
        changes.append(("add", "formulas", name, writer.lines["formulas"][0]))
    for position, no in enumerate(clauses):
        writer.made.clauses = [c for c in clauses[:position] if ("remove", "clauses", c, "") not in changes]
        if no != "1" and f"pass('{no}')" not in base and chance.random() < 0.2:
            changes.append(("remove", "clauses", no, ""))
        elif chance.random() < 0.4:
            changes.append(("replace", "clauses", no, _clause(writer, no)))
    for no in [f"9.{n}" for n in range(chance.randint(0, 2))]:
        changes.append(("add", "clauses", no, _clause(writer, no)))
    lines = "\n".join(line for _, _, _, line in changes)
    later = [change for change in changes if change[1] == "clauses" and chance.random() < 0.5 and f"pass('{change[2]}')" not in lines]
    now = [change for change in changes if change not in later]
    text = "\n".join([
        f'guiju: 1\nstandard: {{number: "{NUMBER}", edition: 1, title: {{zh: 细则, en: profile}}, level: group, region: CN, status: draft,',
        "  dates: {effective: 2024-01-01}}", f"based_on: {BASE}", "sources: {p: {title: made up, grade: illustrative, why: {zh: 随机, en: random}}}",
        *_amendment(now, ""), *([f"layers:\n  - from: {FROM}\n    number: XG1\n    title: {{zh: 一, en: one}}\n    source: p", *_amendment(later, "    ")] if later else []),
    ])  # fmt: skip
    plain = []
    for part in (now, later):
        for verb, section, key, line in sorted(part, key=lambda change: ("remove", "replace", "add").index(change[0])):
            entries = merged.setdefault(section, {})
            entries.pop(key) if verb == "remove" else entries.__setitem__(key, line)
        plain.append(_plain(head, merged, scope))
    return Profile(base, text + "\n", (plain[0], plain[1]), len(changes))


def random_profile(seed: int, on: date | None = None) -> tuple[Program, Program]:
    """The program of a random profile, and that of the same written out."""
    made = profile(seed)
    amended = on is not None and on.isoformat() >= FROM
    found = [checked(made.text, on=on, library=Texts({BASE: made.base}), run=False), checked(made.plain[amended], on=on, library=Texts({}), run=False)]
    for each in found:
        assert each.program is not None and not each.errors, "\n".join([*each.errors, made.base, made.text])
    return found[0].program, found[1].program  # type: ignore[return-value]


def _clause(writer: Writer, no: str) -> str:
    """A clause; every third is believed wrong."""
    writer.lines = {}
    known = list(writer.made.clauses)
    writer._clause(no)
    line = writer.lines["clauses"][0]
    if "compare:" not in line and writer.chance.random() < 0.35:
        writer.made.clauses = known
        word = "should" if "should:" in line else "shall"
        line = line.removesuffix("}") + f', corrected: {{{word}: "{writer.truth(2)}", zh: 误, en: wrong, source: s}}}}'
    return line


def _sections(writer: Writer) -> tuple[Sections, str, str]:
    text = writer.made.text
    head = text[: text.index("inputs:")].replace("sources: {s:", "sources: {p: {title: made up, grade: illustrative, why: {zh: 随机, en: random}}, s:")
    scope = re.search(r"^scope:.*\n", text, re.MULTILINE)
    sections = {section: {re.split(r": ", line.strip(), maxsplit=1)[0].strip('"'): line for line in lines} for section, lines in writer.lines.items()}
    return sections, head, scope[0] if scope else ""


def _amendment(changes: list[tuple[str, str, str, str]], indent: str) -> list[str]:
    made = []
    for verb in ("remove", "replace", "add"):
        sections = dict.fromkeys(section for v, section, _, _ in changes if v == verb)
        made += [f"{indent}{verb}:"] if sections else []
        for section in sections:
            own = [(key, line) for v, s, key, line in changes if (v, s) == (verb, section)]
            if verb == "remove":
                made.append(f"{indent}  {section}: [{', '.join(repr(key) for key, _ in own)}]")
            else:
                made += [f"{indent}  {section}:", *(f"{indent}  {line}" for _, line in own)]
    return made


def _plain(head: str, sections: Sections, scope: str) -> str:
    order = ("inputs", "parameters", "tables", "formulas", "scope", "clauses", "indicators", "scores", "grades")
    parts = [scope if s == "scope" else "\n".join([f"{s}:", *sections[s].values()]) + "\n" if sections.get(s) else "" for s in order]
    return head + "".join(parts)
