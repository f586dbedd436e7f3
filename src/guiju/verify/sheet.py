"""Sheet: results of laboratories in a file, by the role of each column: laboratory, level, replicate, value."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import parse_number
from guiju.records.headers import parse_header
from guiju.records.read import read_table
from guiju.records.source import Column, Source, identifier
from guiju.records.text import line_span

LARGEST = 1e100
"""Of a result: the squares of what is larger are no numbers."""
_DOUBLE = 10**308


@dataclass(frozen=True, slots=True)
class Role:
    """What a column can be; `words` are headers that say so, folded."""

    name: str
    zh: str
    en: str
    words: tuple[str, ...]
    number: bool = False
    needed: bool = True
    option: str = ""


LAB = Role("lab", "实验室", "laboratory", ("lab", "laboratory", "labno", "实验室", "实验室编号", "实验室代码", "participant", "参加者", "code"))
LEVEL = Role("level", "水平", "level", ("level", "material", "sample", "水平", "样品", "材料"), needed=False)
REPLICATE = Role("replicate", "重复", "replicate", ("replicate", "rep", "run", "重复", "序号", "次数", "portion", "份"), needed=False)
VALUE = Role("value", "结果", "value", ("value", "result", "y", "结果", "测试结果", "数值", "值", "测得值"), number=True)
COUNT = Role("count", "结果数", "number of results", ("n", "count", "结果数", "重复数"), number=True, needed=False)
MEAN = Role("mean", "单元平均值", "cell mean", ("mean", "average", "平均值", "单元平均值", "均值"), number=True, needed=False)
SD = Role("sd", "单元标准差", "cell standard deviation", ("s", "sd", "std", "标准差", "单元标准差"), number=True, needed=False)
GROUP = Role("group", "研究", "study", ("study", "group", "研究", "组"), needed=False)
ITEM = Role("item", "样品", "item", ("item", "bottle", "sample", "样品", "瓶", "单元"))
UNCERTAINTY = Role("u", "标准不确定度", "standard uncertainty", ("u", "ulab", "标准不确定度"), number=True, needed=False)
EXPANDED = Role("U", "扩展不确定度", "expanded uncertainty", ("expanded", "uexp", "扩展不确定度"), number=True, needed=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: one tuple per row, in the order of the roles; a label is text, a number a float, what is empty is None."""

    path: Path
    digest: str
    roles: tuple[Role, ...]
    headers: Mapping[str, str]
    rows: tuple[tuple[str | float | None, ...], ...]
    lines: tuple[int, ...]
    diagnostics: tuple[Diagnostic, ...]

    def has(self, role: Role) -> bool:
        return role.name in self.headers


def read_sheet(path: Path, roles: Sequence[Role], chosen: Mapping[str, str | None]) -> Sheet:
    """The rows of a file with a header, by role.

    chosen   role → header, where the file's own words do not tell
    raises   Refused with every problem: columns not found, cells that are no numbers, and what `read_table` refuses
    """
    import duckdb

    connection = duckdb.connect()
    source = read_table(path, connection, "sheet")
    problems = Problems()
    columns = _columns(source, roles, chosen, problems)
    problems.refuse_errors()
    taken = [role for role in roles if role.name in columns]
    cells = ", ".join(f"CAST({identifier(columns[role.name].at)} AS VARCHAR)" for role in taken)
    found = connection.execute(f"SELECT row, line, {cells} FROM {identifier(source.table)} ORDER BY row").fetchall()
    rows: list[tuple[str | float | None, ...]] = []
    lines: list[int] = []
    for row, line, *texts in found:
        at = int(line or row)
        values = {role.name: _cell(role, text, columns[role.name].name, path, at, problems) for role, text in zip(taken, texts, strict=True)}
        if any(value is not None for value in values.values()):
            rows.append(tuple(values.get(role.name) for role in roles))
            lines.append(at)
    problems.refuse_errors()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    headers = {name: column.name for name, column in columns.items()}
    return Sheet(path, digest, tuple(roles), headers, tuple(rows), tuple(lines), source.diagnostics)


def _columns(source: Source, roles: Sequence[Role], chosen: Mapping[str, str | None], problems: Problems) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for role in roles:
        header = chosen.get(role.name)
        if header is not None:
            column = source.column(header)
        else:
            free = [c for c in source.columns if c not in found.values()]
            column = next((c for word in role.words for c in free if word in (_folded(c.name), c.name.casefold())), None)
            column = column or next((c for word in role.words for c in free if word in parse_header(c.name).words), None)
        if column is not None:
            found[role.name] = column
        elif header is not None or role.needed:
            known = ", ".join(c.name for c in source.columns)
            problems.add("verify-column", None, what_zh=role.zh, what_en=role.en, option=role.option or role.name, known=known, file=source.path)
    return found


def _folded(header: str) -> str:
    """The words of a header without its unit: `结果(%)` and `Value [mg/L]` are results."""
    return parse_header(header).stem


def _cell(role: Role, text: str | None, header: str, path: Path, line: int, problems: Problems) -> str | float | None:
    if text is None or not text.strip():
        return None
    if not role.number:
        return text.strip()
    number = parse_number(text)
    value = None if number is None or abs(number) > _DOUBLE else float(number)
    if value is None or not math.isfinite(value):
        problems.add("verify-not-a-number", line_span(path, line), column=header, text=text)
    elif abs(value) > LARGEST:
        ends = {"least": f"{-LARGEST:g}", "most": f"{LARGEST:g}"}
        problems.add("verify-field-range", line_span(path, line), label_zh=header, label_en=header, text=text, **ends)
    return value


def first_seen(labels: Sequence[str]) -> tuple[str, ...]:
    """Each label once: by number where all are numbers, else in the order they come."""
    seen = tuple(dict.fromkeys(labels))
    numbers = {label: parse_number(label) for label in seen}
    if all(number is not None for number in numbers.values()):
        return tuple(sorted(seen, key=lambda label: numbers[label] or 0))
    return seen


def refuse(code: str, **facts: object) -> Refused:
    """One reason why not."""
    return Refused([Diagnostic(code, None, {name: str(value) for name, value in facts.items()})])
