"""The reference pages, made from what they describe: the code, the catalogue of units, the dictionary and the shelf.

    python tools/reference.py            writes docs/reference/*.md and docs/packs/*.md, a page for every standard on the shelf
    python tools/reference.py --check    says which pages are stale, and ends with 1 if one is
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typer.main

from guiju.app import PARTS
from guiju.base import codes, dossier_codes, frontrunner_codes, process_codes, units
from guiju.base.diagnostics import Language, Problems
from guiju.cli.authoring import SCHEMAS, schema_text
from guiju.cli.console import Exit
from guiju.cli.main import build
from guiju.ir.check import check
from guiju.ir.functions import FUNCTIONS, SPECIALS
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.examples import evaluated
from guiju.readings.render import render
from guiju.standard.dictionary import Property
from guiju.standard.document import plain
from guiju.standard.expression import COMPARISONS, FUNCTION_WORDS, KEYWORDS, PRODUCTS
from guiju.standard.factors import Factor
from guiju.standard.model import Clause, Example, Source, Standard, Title
from guiju.standard.shelf import Shelf, data_folder
from guiju.standard.unroll import AGGREGATES

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
PACKS = FOLDER.parent / "packs"
NOTE = "<!-- made by tools/reference.py: change what is described, then run it again -->"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNDETERMINED: "?", Verdict.NOT_APPLICABLE: "-"}
SEVERITIES = {"ERROR": "错误 error", "WARNING": "警告 warning", "NOTE": "提示 note"}


def pages() -> dict[Path, str]:
    """Every reference page, by the file it belongs in."""
    made = {FOLDER / f"{name}.md": make for name, make in PAGES.items()}
    made |= {PACKS / f"{name}.md": make for name, make in packs().items()}
    texts = {path: "\n\n".join([NOTE, *make()]) + "\n" for path, make in made.items()}
    return texts | {FOLDER / f"{name}.schema.json": schema_text(name) for name in SCHEMAS}


def stale() -> list[Path]:
    """The pages whose file does not hold what it should, and those of standards that are gone."""
    wanted = pages()
    return [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text] + left_over(wanted)


def left_over(wanted: Iterable[Path]) -> list[Path]:
    """Pages of standards that are no longer on the shelf."""
    return sorted(set(PACKS.glob("*.md")) - set(wanted))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in (header, ["---"] * len(header), *rows))


def code(text: str) -> str:
    return f"`{text}`" if text else ""


# The functions.


def functions() -> Iterator[str]:
    chinese = {name: word for word, name in FUNCTION_WORDS.items()}
    yield "# 函数 · Functions"
    yield (
        "表达式里可以用的函数与记号。中文写法与英文写法意义相同，可以混用。\n\n"
        "What an expression may call and which signs it knows. Chinese and English spellings mean the same and may be mixed."
    )
    header = ("写法 form", "中文名 zh", "给出", "gives")
    yield table(header, ((code(f.form), code(chinese.get(f.name, "")), f.zh, f.en) for f in FUNCTIONS.values()))
    yield "## 关于本标准的条款和指标 · Over the standard's own clauses and indicators"
    yield table(header, ((code(s.form), code(chinese.get(s.name, "")), s.zh, s.en) for s in SPECIALS.values()))
    yield "## 对子记录或场景 Over children or scenarios"
    yield table(header, ((code(form), code(chinese.get(name, "")), zh, en) for name, (form, zh, en) in AGGREGATES.items()))
    yield "## 记号 · Signs and words"
    signs: dict[str, list[str]] = {}
    for spelling, meaning in [*COMPARISONS.items(), *PRODUCTS.items(), *KEYWORDS.items()]:
        signs.setdefault(meaning, []).append(spelling)
    yield table(("记号 sign", "也可写作 also"), ((code(sign), " ".join(code(s) for s in also if s != sign)) for sign, also in signs.items()))


# The units.


def units_page() -> Iterator[str]:
    yield "# 单位 · Units"
    yield (
        "单位之间的换算是精确的分数。量纲不同的量不能比较、相加或换算。写法：`kWh/100km`、`Wh/(km·kg)`、`m/s²`；一个单位里只有一个“/”。\n\n"
        "Conversions are exact fractions. Quantities of different dimensions are never compared, added or converted. Written so: `kWh/100km`,\n"
        "`Wh/(km·kg)`, `m/s²`; a unit has one `/` only."
    )
    rows = []
    for symbol in units.catalogue():
        unit = units.parse_unit(symbol.symbol)
        dimension = f"{units.dimension_name(unit, 'zh')} {units.dimension_name(unit, 'en')}"
        definition = "—" if symbol.definition == "base" else symbol.definition
        rows.append((code(symbol.symbol), " ".join(code(alias) for alias in symbol.aliases), definition, dimension))
    yield table(("符号 symbol", "其他写法 also", "等于 is", "量纲 dimension"), rows)
    yield "## 不接受的写法 · Spellings that are refused"
    yield "这些写法有不止一种读法，要写明是哪一种。\n\nThese can be read in more than one way; write which one is meant."
    lines = Path(units.__file__).with_name("units.txt").read_text(encoding="utf-8").splitlines()
    refused = (re.split(r" {2,}", line.removeprefix("! ")) for line in lines if line.startswith("! "))
    yield table(("写法 spelling", "为什么", "why"), ((" ".join(map(code, spellings.split())), zh, en) for spellings, zh, en in refused))


# The diagnostics.


def diagnostics() -> Iterator[str]:
    yield "# 诊断 · Diagnostics"
    yield (
        f"共 {len(codes.CODES)} 种，各有一个不变的代码。`{{…}}` 处填入当时的事实；箭头后是该怎么做，若能看出意图，会换成更具体的建议。\n\n"
        f"{len(codes.CODES)} in all, each with a code that stays. `{{…}}` is filled with the facts; after the arrow stands what to do, in\n"
        "place of which a more specific hint is given where the intention can be seen."
    )
    for section, names in _sections():
        yield f"## {section}"
        yield "\n\n".join(_diagnostic(name) for name in names)


def _diagnostic(name: str) -> str:
    each = codes.CODES[name]
    told = [f"{message}" + (f" → {hint}" if hint else "") for message, hint in ((each.zh, each.help_zh), (each.en, each.help_en))]
    return f"### `{name}`\n\n{SEVERITIES[each.severity]}\n\n" + "\n".join(f"- {line}" for line in told)


def _sections() -> Iterator[tuple[str, list[str]]]:
    """The sections of the closed list, named by the comments above them."""
    section, names = "", list[str]()
    for line in "".join(inspect.getsource(each) for each in (codes, dossier_codes, process_codes, frontrunner_codes)).splitlines():
        if match := re.match(r"    # (.+)", line):
            if names:
                yield section, names
            section, names = match[1], []
        elif match := re.match(r'    "([a-z0-9-]+)": [EWN]\(', line):
            names.append(match[1])
    yield section, names


# The command line.


def command_line() -> Iterator[str]:
    root: Any = typer.main.get_command(build(PARTS))
    yield "# 命令行 · Command line"
    yield f"```\nguiju {_usage(root)} COMMAND …\n```"
    yield _parameters(root.params)
    yield "## 退出码 · Exit codes"
    yield table(("码 code", "含义 meaning"), ((str(int(each)), meaning) for each, meaning in zip(Exit, _meanings(Exit), strict=True)))
    for name, command in root.commands.items():
        yield f"## guiju {name}"
        yield f"```\nguiju {name} {_usage(command)}\n```"
        yield inspect.cleandoc(command.help or "")
        if getattr(command, "commands", None):
            for inner, each in command.commands.items():
                yield f"### guiju {name} {inner}"
                yield f"```\nguiju {name} {inner} {_usage(each)}\n```"
                yield inspect.cleandoc(each.help or "")
                yield _parameters(each.params)
        yield _parameters(command.params)


def _usage(command: Any) -> str:
    arguments = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
    return " ".join(["[OPTIONS]", *arguments])


def _parameters(parameters: Iterable[Any]) -> str:
    rows = [(_spelt(each), each.help or "") for each in parameters if getattr(each, "help", None)]
    return table(("参数 parameter", "含义 meaning"), rows) if rows else "—"


def _spelt(parameter: Any) -> str:
    """`--on DATE`, or the name of an argument."""
    if parameter.param_type_name == "argument":
        return code(parameter.metavar or parameter.name.upper())
    flag = "" if parameter.is_flag else f" {parameter.metavar or parameter.type.name.upper()}"
    return code(f"{', '.join(parameter.opts)}{flag}")


def _meanings(of: type) -> list[str]:
    """What is written under each member of an enumeration."""
    body = ast.parse(textwrap.dedent(inspect.getsource(of))).body[0]
    assert isinstance(body, ast.ClassDef), "an enumeration is a class"
    pairs = zip(body.body, body.body[1:], strict=False)
    return [str(b.value.value) for a, b in pairs if isinstance(a, ast.Assign) and isinstance(b, ast.Expr) and isinstance(b.value, ast.Constant)]


# The standards on the shelf.


def standards() -> Iterator[str]:
    shelf = Shelf()
    found = {path.name: s for path in shelf.paths().values() if (s := shelf.open(path).standard)}
    yield "# 书架上的标准 · Standards on the shelf"
    yield (
        f"共 {len(found)} 份。条款文字是转述，不是原文；每个数值都有出处。证据等级：A 见过条款原文；B 第三方引用；C 由此推得；D 来源互相矛盾。\n"
        "判定所依据的出处等级低于 B 时，`guiju explain` 会说明。\n\n"
        f"{len(found)} in all. Clauses are paraphrased, not quoted; every number has a source. Grades of evidence: A the text of the clause\n"
        "was seen; B quoted by a third party; C derived; D sources conflict. `guiju explain` tells where a verdict rests on less than B."
    )
    rows = ((f"[{s.number}](#{name})", f"{s.title.zh}<br>{s.title.en}", s.status, str(s.effective or "—")) for name, s in found.items())
    yield table(("标准号 number", "名称 title", "状态 status", "实施 effective"), rows)
    for name, standard in found.items():
        yield f'<a id="{name}"></a>'
        yield from _standard(standard)


def _standard(s: Standard) -> Iterator[str]:
    yield f"## {s.number}"
    yield f"{s.title.zh}\n\n{s.title.en}"
    relations = [f"{r.kind} {r.target}{'-' + r.edition if r.edition else ''}" for r in s.relations]
    days = (("published", s.published), ("effective", s.effective), ("withdrawn", s.withdrawn))
    facts = [s.level, s.region, s.status, *(f"{word} {day}" for word, day in days if day)]
    uses = [f"uses {use.number}" for use in s.uses.values()]
    yield " · ".join([*facts, *relations, *uses, f"{len(s.examples)} examples"])
    yield table(("条款 clause", "要求", "requirement", "出处 source"), [_clause(s, c) for c in s.clauses.values()])
    if s.indicators:
        rows = [(i.no, i.title.zh, i.title.en, i.kind, " ".join(_cited(s, i.sources))) for i in s.indicators.values()]
        yield table(("指标 indicator", "名称", "title", "类别 kind", "出处 source"), rows)
    yield table(("出处 source", "等级 grade", "来源 title", "地址 address"), [_source(each) for each in s.sources.values()])
    if s.left_out:
        yield "未收入 · left out:"
        yield "\n".join(f"- {each.zh}<br>{each.en}" for each in s.left_out)


def _clause(s: Standard, clause: Clause) -> tuple[str, ...]:
    def both(title: Title | None, word: str) -> tuple[str, str]:
        return (f"<br>{word}{title.zh}", f"<br>{word}{title.en}") if title else ("", "")

    zh, en = clause.title.zh, clause.title.en
    if clause.strength == "should":
        zh, en = f"（推荐）{zh}", f"(recommended) {en}"
    for relief in clause.reliefs:
        zh, en = zh + both(relief.title, "例外：")[0], en + both(relief.title, "except: ")[1]
    zh, en = zh + both(clause.disputed, "争议：")[0], en + both(clause.disputed, "disputed: ")[1]
    return clause.no, zh, en, " ".join(_cited(s, clause.sources))


def _source(source: Source) -> tuple[str, ...]:
    why = f"<br>{source.why.zh}<br>{source.why.en}" if source.why else ""
    return source.id, source.grade, source.title + why, f"<{source.address}>" if source.address else "—"


def _cited(s: Standard, ids: Iterable[str]) -> list[str]:
    return [f"{each}·{s.sources[each].grade}" for each in ids if each in s.sources]


# A page for each standard: the document as `guiju show` prints it, and its examples with what they come to.


def packs() -> dict[str, Callable[[], Iterator[str]]]:
    """The pages under docs/packs, by name; a standard with errors has none."""
    shelf, found = Shelf(), dict[str, Program]()
    for path in (path for path in shelf.paths().values() if path.is_relative_to(data_folder())):
        opened = shelf.open(path)
        if opened.standard is not None and not opened.problems.has_errors:
            found[path.name] = check(opened.standard, None, shelf, Problems())
    made: dict[str, Callable[[], Iterator[str]]] = {name: partial(_pack, program, shelf) for name, program in found.items()}
    return made | {"index": partial(_pack_index, found)}


def _pack_index(found: dict[str, Program]) -> Iterator[str]:
    yield "# 每份标准一页 · A page for each standard"
    yield (
        "各页与 `guiju show` 所印相同：条款、公式、表、出处与未收入的内容，先中文后英文；末尾是算例及其判定：\n"
        "✓ 符合，✗ 不符合，? 无法判定，- 不适用。\n\n"
        "Each page is what `guiju show` prints: clauses, formulas, tables, sources and what is left out, in Chinese and then in English, followed\n"
        "by the examples and their verdicts: ✓ pass, ✗ fail, ? undetermined, - not applicable."
    )
    rows = []
    for name, program in found.items():
        s = program.standard
        grades = "".join(sorted({each.grade for each in s.sources.values()}))
        rows.append((f"[{s.number}]({name}.md)", f"{s.title.zh}<br>{s.title.en}", s.status, str(s.effective or "—"), grades, str(len(s.examples))))
    header = ("标准号 number", "名称 title", "状态 status", "实施 effective", "证据 evidence", "算例 examples")
    yield table(header, rows)


def _pack(program: Program, shelf: Shelf) -> Iterator[str]:
    yield f"# {program.standard.number}"
    yield "[← 全部标准 all standards](index.md)"
    for language in LANGUAGES:
        yield re.sub(r"^#", "##", render(program, language), flags=re.MULTILINE).strip()
        if program.standard.examples:
            yield "### 算例" if language == "zh" else "### Examples"
            header = ("算例", "给出", "判定与数值") if language == "zh" else ("example", "given", "verdicts and values")
            yield table(header, (_example_row(program, example, shelf, language) for example in program.standard.examples))


def _example_row(program: Program, example: Example, shelf: Shelf, language: Language) -> tuple[str, ...]:
    """The name, what is given, and what it comes to: every verdict, and the values the example asks for."""
    on = example.on or program.on
    own = program if on == program.on else check(program.standard, on, shelf, Problems())
    evaluation = evaluated(own, example, Problems())
    labels = {i.name: i.title(language) for i in own.inputs.values()}
    given = [f"{labels.get(name, name)} = {_shown(plain(item))}" for name, item in example.given.items()]
    verdicts = [f"{no} {SIGNS[verdict]}" for no, verdict in evaluation.verdicts.items()]
    values = [f"{name} = {', '.join(e.text for e in wanted)}" for name, (_, wanted) in example.expect.items() if name not in evaluation.verdicts]
    dated = f" ({on})" if example.on else ""
    return f"{example.name.text(language)}{dated}", "<br>".join(given), "<br>".join([", ".join(verdicts), *values])


def _shown(given: Any) -> str:
    """What is given for one input: a text, or one for each scenario or child."""
    if isinstance(given, dict):
        return ", ".join(f"{key}: {_shown(each)}" for key, each in given.items())
    return ", ".join(_shown(each) for each in given) if isinstance(given, list) else str(given) or "—"


# The factors.


def factors() -> Iterator[str]:
    found = Shelf().factors()
    count = sum(map(len, found.values.values()))
    yield "# 因子 · Factors"
    yield (
        f"共 {count} 个公布的值。不同类别的值不能互相代替；可信度：A 多份独立文本一致或见过通知原文；B 一份可靠文本；C 第三方转引；"
        "D 出处矛盾，从不使用。怎样引用见 [因子](../factors.zh.md)。\n\n"
        f"{count} published values. Values of different kinds never stand for one another. Confidence: A several independent copies agree, or\n"
        "the text of the notice was seen; B one good copy; C quoted by a third party; D sources conflict, never used. How to refer to one:\n"
        "[factors](../factors.md)."
    )
    for id_, kinds in found.kinds.items():
        yield f"## {code(id_)}"
        for name, kind in kinds.items():
            beside = f" · beside {', '.join(map(code, kind.beside))}" if kind.beside else ""
            yield f"### {code(name)}"
            yield f"{kind.title.zh}<br>{kind.title.en}\n\n{kind.carrier} · {kind.unit.text}{beside}"
            yield table(("地区 region", "数据年份 data year", "值 value", "公布 published", "出处 source", "可信度 confidence"),
                        (_factor(each, found.regions[each.region]) for each in found.values[id_, name]))  # fmt: skip
    yield "## 出处 · Sources"
    announced = {each.announcement.title.zh: each.announcement for values in found.values.values() for each in values}
    rows = []
    for each in announced.values():
        why = f"<br>{each.why.zh}<br>{each.why.en}" if each.why else ""
        address = f"<{each.address}>" if each.address else "—"
        rows.append((f"{each.issuer.zh}<br>{each.issuer.en}", f"{each.title.zh}<br>{each.title.en}{why}", address))
    yield table(("发布者 issuer", "文件 document", "地址 address"), rows)


def _factor(f: Factor, region: Title) -> tuple[str, ...]:
    why = f"<br>{f.why.zh}<br>{f.why.en}" if f.why else ""
    published = f"< {f.replaced}" if f.replaced else str(f.published or "—")
    return f"{code(f.region)} {region.zh} {region.en}", str(f.data_year or "—"), f.text, published, f.announcement.title.zh, f.confidence + why


# The dictionary of properties.


def properties() -> Iterator[str]:
    dictionary = Shelf().dictionary
    yield "# 性质 · Properties"
    yield (
        f"词典共 {len(dictionary)} 条。输入量用 `is:` 指向其中一条。试验循环或计量点不同的两个性质永远不能互换，哪怕单位相同。\n\n"
        f"The dictionary has {len(dictionary)} entries; an input points to one with `is:`. Two properties with different test cycles or metering\n"
        "points are never interchangeable, even where the unit is the same."
    )
    header = ("标识 id", "名称", "title", "量 kind", "单位 unit", "循环 cycle", "计量点 metering", "试验方法 method")
    yield table(header, (_property(each) for each in dictionary.values()))


def _property(p: Property) -> tuple[str, ...]:
    return code(p.id), p.zh, p.en, _kind(p), p.unit.text if p.unit else "", p.cycle or "", p.metering or "", p.method or ""


def _kind(held: Property) -> str:
    return f"{held.kind}: {', '.join(held.values)}" if held.values else held.kind


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "functions": functions, "units": units_page, "diagnostics": diagnostics, "cli": command_line, "standards": standards, "properties": properties,
    "factors": factors,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--check"]:
        found = stale()
        for path in found:
            print(f"stale: {path.name}; run python tools/reference.py")
        return 1 if found else 0
    if arguments:
        print(__doc__)
        return 2
    made = pages()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.name}")
    for path in left_over(made):
        path.unlink()
        print(f"removed {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
