"""What tests of harmonising share: standards of the shelf and of texts in one pool, proposals, products, the command."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from typer.testing import CliRunner, Result

from checking import MADE_UP, checked, shelf
from guiju.align.document import Head
from guiju.align.harmonise import Choice, Proposal, Strategy, choose, propose
from guiju.align.impact import Products, judged
from guiju.align.pool import Pool, pool_of
from guiju.align.side import sides_of
from guiju.app import PARTS
from guiju.cli.main import build
from guiju.ir.program import Program
from guiju.records.bulk import mapping_of
from guiju.records.read import read_table
from guiju.standard.model import Title
from guiju.standard.regions import load_regions

OF_2017, OF_2018, OF_2020, GB = "公告2017年第172号", "财建〔2018〕18号", "财建〔2020〕86号", "GB 36980.1-2025"
ASSOCIATION, JIANGSU, ZHEJIANG = "T/CSAE 53-2017", "江苏智慧高速指南2020", "浙江智慧高速指南2020"
AS_CLTC = {"nev.electricity.nedc": "nev.electricity.cltc"}
EXAMPLES = Path(__file__).parents[1] / "examples"
HEAD = Head("T/PROPOSAL 1", Title("提案", "proposal"), "group", "CN", date(2026, 1, 1), Title("测试", "for a test"))


def on_the_shelf(*words: str) -> list[Program]:
    return [p for side in sides_of(shelf(), load_regions(), words, None, HEAD.on, corrected=True) for p in side.programs]


def pooled(programs: list[Program], **options: Any) -> Pool:
    return pool_of([(p, Title(p.standard.number, p.standard.number)) for p in programs], HEAD, shelf(), **options)


def written(*texts: str) -> list[Program]:
    found = []
    for at, text in enumerate(texts):
        program = checked(MADE_UP.replace("T/TEST 1", f"T/TEST {at + 1}") + text, run=False)
        assert program.program is not None and not program.errors, program.errors
        found.append(program.program)
    return found


def proposed(pool: Pool, strategy: Strategy = "strictest", baseline: int = 0, extra: str = "keep") -> Proposal:
    return propose(pool, strategy, baseline, choose(pool, strategy, baseline, extra), HEAD, shelf())


def chosen(choices: tuple[Choice, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {c.row.about[0]: (c.outcome, c.clauses) for c in choices}


def cars(clauses: str, inputs: str = "", scope: str = "") -> str:
    return f"""{scope}
inputs:
  consumption: {{is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}}
  mass: {{is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}}
{inputs}
clauses:
{clauses}
"""


def clause(no: str, text: str) -> str:
    return f'  "{no}": {{zh: 条, en: clause, {text}, source: s}}\n'


def of_the_examples(pool: Pool) -> Products:
    connection = duckdb.connect()
    source = read_table(EXAMPLES / "vehicles.csv", connection, "records")
    columns, _ = mapping_of(shelf(), [pool.program], source, EXAMPLES / "vehicles.mapping.yaml")
    return judged(pool, connection, source, columns)


def guiju(*words: object, language: str = "en") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result
