"""What the documents say is so: commands give the output shown, names exist, reference pages are fresh, examples of the format are checked."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from checking import MADE_UP, checked, program_of
from guiju.base.codes import CODES
from guiju.base.diagnostics import Problems
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.records.mapping import ENTRY, MAPPING, load_mapping
from guiju.standard.factor_reference import SHAPE as REFERENCE
from guiju.standard.factors import SHAPE as FACTORS
from guiju.standard.factors import load_factors
from guiju.standard.form import EXAMPLES, SHAPE
from guiju.standard.shape import Either, ListOf, MapOf, Shape

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "guiju"
RUN = (
    "README",
    "docs/align",
    "docs/dossier",
    "docs/editing",
    "docs/frontrunner",
    "docs/frontrunner-application",
    "docs/frontrunner-authoring",
    "docs/frontrunner-library",
    "docs/frontrunner-boards",
    "docs/frontrunner-certificates",
    "docs/frontrunner-process",
    "docs/frontrunner-schemes",
    "docs/guide",
    "docs/harmonise",
    "docs/pipeline",
    "docs/points",
    "docs/proof",
    "docs/recognition",
    "docs/reports",
    "docs/store",
    "docs/systemmap",
    "docs/testplan",
    "docs/uncertainty",
    "docs/verification",
)
"""Pages whose console examples are run, in both languages."""
READ = ("docs/aggregates", "docs/factors", "docs/format", "docs/records", "docs/scenarios", "docs/semantics", "docs/serve", "docs/spark",
        "docs/workbench")  # fmt: skip
"""Pages in both languages whose examples are only compared."""
READMES = {f"{name}{end}": language for name in RUN for end, language in ((".md", "en"), (".zh.md", "zh"))}
PAIRS = tuple((f"{name}.md", f"{name}.zh.md") for name in (*RUN, *READ))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("decisions/*.md")])
DECISIONS = sorted(ROOT.glob("decisions/0*.md"))
GUIJU = [sys.executable, "-m", "guiju"]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def in_code_letters(text: str) -> list[str]:
    """What stands between single backticks, outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def nothing(found: list[str]) -> None:
    assert not found, "\n".join(["", *found])


# The README. In a block ```console a line `$ guiju …` is run, in the order of the page and in one folder; the lines under it are lines of what
# it prints, spaces aside. A line `…` stands for lines left out, `…` at the end of a line for the rest of it, `exit code N` for the exit code.


def calls(text: str) -> Iterator[tuple[str, list[str]]]:
    """(command, the lines shown under it)"""
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            while command.endswith("\\"):
                command, shown = f"{command[:-1]}{shown[0].lstrip()}", shown[1:]
            if command.startswith("guiju "):
                yield command, shown


def missing_lines(shown: list[str], printed: str) -> list[str]:
    """The lines shown that do not follow, in this order, in what was printed."""
    waiting = [" ".join(line.split()) for line in printed.splitlines()]
    for line in shown:
        wanted = " ".join(line.split())
        if wanted in ("", "…"):
            continue
        start = wanted.removesuffix("…").rstrip()
        at = next((n for n, found in enumerate(waiting) if found == wanted or (wanted.endswith("…") and found.startswith(start))), None)
        if at is None:
            return [line]
        waiting = waiting[at + 1 :]
    return []


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_the_readme_prints_what_is_shown(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = {**os.environ, "GUIJU_LANG": READMES[name], "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    wrong = []
    for command, shown in calls(page(name)):
        words = [*GUIJU, *shlex.split(command)[1:]]
        ran = subprocess.run(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        printed = ran.stdout.decode() + f"exit code {ran.returncode}\n退出码 {ran.returncode}\n"
        wrong += [f"{command}\n  does not print: {line}\n{printed}" for line in missing_lines(shown, printed)]
    nothing(wrong)


def test_the_readme_shows_commands_at_all() -> None:
    shown = {name: len(list(calls(page(name)))) for name in READMES}
    assert all(shown.values()) and all(count >= 5 for name, count in shown.items() if not name.startswith("docs/frontrunner-")), shown


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_examples(english: str, chinese: str) -> None:
    assert [command for command, _ in calls(page(english))] == [command for command, _ in calls(page(chinese))]
    assert blocks(page(english), "yaml") == blocks(page(chinese), "yaml")
    headings = [len(re.findall(r"^#+ ", page(name), flags=re.MULTILINE)) for name in (english, chinese)]
    assert headings[0] == headings[1]


# Names.


@cache
def names_of_the_code() -> frozenset[str]:
    """Every module, class, function, attribute and constant, alone and after its module or class."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found |= {path.stem, path.name}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found |= {f"{node.name}.{name}" for each in node.body for name in defined(each)}
            for name in defined(node):
                found |= {name, f"{path.stem}.{name}"}
    return frozenset(found)


def defined(node: ast.AST) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def is_a_file(word: str) -> bool:
    """Of the repository, of the package, a module by its name alone, or one of the files every standard has."""
    if any((folder / word).exists() for folder in (ROOT, SOURCE)):
        return True
    return any(next(folder.rglob(word), None) for folder in (SOURCE, ROOT / "standards") if re.fullmatch(r"\w+\.\w+", word))


def commands() -> frozenset[str]:
    return frozenset(re.findall(r"^## guiju (\w+)$", page("docs/reference/cli.md"), flags=re.MULTILINE))


def is_known(word: str) -> bool:
    if match := re.match(r"guiju (\w+)", word):
        return match[1] in commands()
    if match := re.match(r"guiju --|python3? ([\w./]+)", word):
        return match[1] is None or is_a_file(match[1])
    bare = re.sub(r"\(.*\)$", "", word)
    return is_a_file(bare) or bare in names_of_the_code() or bare in CODES or bare in keys_of(SHAPE) | keys_of(EXAMPLES)


def test_every_name_of_the_architecture_exists() -> None:
    formulas = {"consumption <= 0.0048 m + 8.60"}
    nothing([word for word in in_code_letters(page("ARCHITECTURE.md")) if not is_known(word) and word not in formulas])


def test_the_architecture_names_every_module() -> None:
    told = set(in_code_letters(page("ARCHITECTURE.md")))
    modules = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if path.stem != "__init__"}
    nothing(sorted(module for module in modules if not told & {module, Path(module).name}))


def test_what_the_architecture_says_python_prints_is_so() -> None:
    examples = doctest.DocTestParser().get_doctest(page("ARCHITECTURE.md").replace("```", ""), {}, "ARCHITECTURE.md", None, 0)
    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_every_code_word_of_the_glossary_is_in_use() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    words = [word for line in page("GLOSSARY.md").splitlines() if line.startswith("| ") for word in re.findall(r"`([^`]+)`", line.rsplit("|", 2)[1])]
    assert len(words) > 50
    nothing([word for word in words if not re.search(rf"\b{word}\b", source) and not (SOURCE / word).is_dir()])


# Pages.


def made() -> Any:
    """tools/reference.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec and spec.loader
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_reference_page_is_stale() -> None:
    nothing([f"{path.name} is stale: run python tools/reference.py" for path in made().stale()])


def test_the_page_of_diagnostics_has_every_code() -> None:
    told = re.findall(r"^### `([a-z0-9-]+)`$", page("docs/reference/diagnostics.md"), flags=re.MULTILINE)
    assert sorted(told) == sorted(CODES)


def test_every_link_between_pages_leads_somewhere() -> None:
    links = [(path, target) for path in PAGES for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))]
    nothing([f"{path.name}: {target}" for path, target in links if not target.startswith("http") and not (path.parent / target).exists()])


def test_every_link_within_a_page_leads_somewhere() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in PAGES}
    nothing([f"{name}: {target}" for name, text in texts.items() for target in re.findall(r"\]\(#([^)]+)\)", text) if f'id="{target}"' not in text])


def test_the_site_has_every_page() -> None:
    def files(part: Any) -> list[str]:
        return [part] if isinstance(part, str) else [name for each in (part.values() if isinstance(part, dict) else part) for name in files(each)]

    packs = {f"packs/{name}" for name in re.findall(r"\]\(([^)/]+\.md)\)", page("docs/packs/index.md"))}
    there = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")}
    assert len(packs) == len(list(ROOT.glob("standards/*/*/standard.yaml")))
    assert set(files(yaml.safe_load(page("mkdocs.yml"))["nav"])) | packs == there


def test_every_decision_follows_the_template() -> None:
    parts = re.findall(r"^## .+$", re.sub(r".*?```markdown\n(.*?)```.*", r"\1", page("decisions/README.md"), flags=re.DOTALL), flags=re.MULTILINE)
    nothing([f"{path.name} lacks {part}" for path in DECISIONS for part in ["Date: ", *parts] if part not in path.read_text(encoding="utf-8")])
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_what_enforces_a_decision_exists() -> None:
    wrong = []
    for path in DECISIONS:
        words = in_code_letters(path.read_text(encoding="utf-8").split("## Enforced by")[1])
        files = [word for word in words if "/" in word]
        tests = "".join(page(file) for file in files if (ROOT / file).is_file())
        wrong += [f"{path.name}: {file}" for file in files if not (ROOT / file).is_file()]
        wrong += [f"{path.name}: {word}" for word in words if word.startswith("test_") and f"def {word}(" not in tests]
    nothing(wrong)


# The written form.


def keys_of(kind: Any) -> frozenset[str]:
    """Every key a shape knows, at any depth."""
    if isinstance(kind, Shape):
        return frozenset(kind.keys).union(*(keys_of(key.kind) for key in kind.keys.values()))
    if isinstance(kind, MapOf | ListOf):
        return keys_of(kind.kind)
    return keys_of(kind.shape) if isinstance(kind, Either) else frozenset()


@pytest.mark.parametrize("language", ["", ".zh"])
@pytest.mark.parametrize(("name", "shapes"), [("format", (SHAPE, EXAMPLES)), ("records", (MAPPING, ENTRY)), ("factors", (FACTORS, REFERENCE))])
def test_the_page_of_a_written_form_tells_every_key(name: str, shapes: tuple[Shape, ...], language: str) -> None:
    names = [f"docs/{name}{language}.md"]
    if name == "format":
        names += [f"docs/{p.name}" for p in ROOT.glob("docs/*.md") if p.name.endswith(".zh.md") == bool(language)]
    text = "\n".join(map(page, names))
    told = set(re.findall(r"[a-z_]+", " ".join(in_code_letters(text)))) | set(re.findall(r"\b([a-z_]+):", "".join(blocks(text, "yaml"))))
    nothing(sorted(frozenset().union(*(keys_of(shape) for shape in shapes)) - told))


def test_the_example_of_the_written_form_is_a_standard_without_a_flaw() -> None:
    standard, examples = blocks(page("docs/format.md"), "yaml")
    found = checked(standard, examples)
    assert not found.codes, found.problems.found


def test_the_example_of_a_mapping_is_one(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(blocks(page("docs/records.md"), "yaml")[0], encoding="utf-8")
    problems = Problems()
    assert load_mapping(file, problems) is not None
    assert not problems.found


def test_the_example_of_a_parameter_by_factor_is_a_standard_without_a_flaw_and_the_file_of_factors_is_one(tmp_path: Path) -> None:
    parameters, factors = blocks(page("docs/factors.md"), "yaml")
    text = MADE_UP + "inputs: {used: {is: carbon.electricity, unit: kWh, decimals: 0, min: 0, max: 9}}\n" + parameters
    text += 'clauses: {"1": {zh: 甲, en: a, shall: "used * grid + used * national * upstream <= 1 [kgCO2]", source: s}}\n'
    assert checked(text).codes == ["parameters-unverified"]
    (tmp_path / "own.yaml").write_text(factors, encoding="utf-8")
    problems = Problems()
    found = load_factors((tmp_path,), problems)
    assert not problems.found
    assert found.find("electricity.plant", "supplied_CO2", "PLANT-2", 2025).text == "0.412"


# What a page claims and no other test looks at.


def test_the_command_line_starts_without_pydantic() -> None:
    call = "import sys; from guiju.app import main\ntry: main()\nfinally: assert 'pydantic' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", call, "list"], capture_output=True, check=False).returncode == 0


WHOLE = """
guiju: 1
standard: {number: X 1, edition: 1, title: {zh: a, en: a}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {s1: {title: t, address: x, grade: A}}
subject: {type: vehicle.car, zh: a, en: a}
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 4000}
  loss: {is: nev.range.cold_loss, unit: "%", decimals: 1, min: 0, max: 100}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
clauses:
  "1": {zh: a, en: a, source: s1, when: loss >= 50 %, shall: range >= 100 km}
  "2": {zh: a, en: a, source: s1, when: loss >= 10 %, shall: mass <= 2000 kg}
  "3": {zh: a, en: a, source: s1, should: range >= 500 km}
"""


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ({"loss": "60 %", "range": 200, "mass": 1500}, "pass"),
        ({"loss": "60 %", "range": 200, "mass": 2500}, "fail"),
        ({"loss": "20 %", "mass": 1500}, "pass"),
        ({"loss": "5 %", "range": 1, "mass": 2500}, "not_applicable"),
        ({"loss": "60 %", "range": 200}, "undetermined"),
        ({"loss": "60 %", "range": 1}, "fail"),
        ({"range": 200, "mass": 1500}, "undetermined"),
    ],
)
def test_the_whole_is_the_conjunction_of_the_clauses_that_apply(given: Mapping[str, object], whole: str) -> None:
    program = program_of(WHOLE)
    problems = Problems()
    evaluation = evaluate(program, admit(program.inputs, given, problems))
    assert not problems.found
    assert evaluation.verdict("overall").value == whole


@pytest.mark.parametrize("text", blocks(page("docs/scenarios.md"), "yaml"))
def test_the_examples_of_the_page_on_scenarios_are_sound(text: str) -> None:
    found = checked(MADE_UP.replace("sources: {s:", "sources: {s1:") + text)
    assert found.program is not None and not found.codes, found.errors
