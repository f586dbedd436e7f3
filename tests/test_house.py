"""The house style as tests: what a reviewer would otherwise have to say again and again.

The limits are a ratchet: they may be made stricter, never looser.
"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 80
FUNCTION_LINES_MEDIAN_MAX = 15
UNDOCUMENTED_LINES_MAX = 15

NO_NAME_FOR_A_MODULE = {"common", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}

# Written as expressions, so that this file does not hold what it forbids.
REGISTRY_HOST = re.compile(
    r"\bpypi\.\w|pythonhosted\.\w|\bnpmjs\.\w|npmmirror\.\w|yarnpkg\.\w|anaconda\.(?:org|com)|https?:\S+/simple\b|"
    r"\bmirrors?\.[\w\-]+\.(?:cn|com|edu|net|org)\b"
)
PLACE_ON_ONE_MACHINE = re.compile(r"(?<![\w.\-/])/(?:home|root|Users|work|workspace)/[\w.\-]|\b[A-Z]:\\+Users\\")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions() -> Iterator[tuple[Path, Function]]:
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield path, node


def lines_without_docstring(function: Function) -> int:
    """From `def` to the last line; a long explanation must not make a function look long."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        length -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return length


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def kept_files() -> list[Path]:
    """Every file git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs git")
    if listed.returncode != 0:
        pytest.skip("needs a git checkout: this folder is none")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def lines_of_kept_files() -> Iterator[tuple[Path, int, str]]:
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a workbook, a Parquet file or a table in GBK
        for number, line in enumerate(text.splitlines(), start=1):
            yield path, number, line


def test_there_is_a_source_to_check() -> None:
    assert sources(), f"no Python file under {SOURCE}: every other test of this page would pass on nothing"


def nothing(found: Iterable[str]) -> None:
    """Fails with every offender on a line of its own."""
    offenders = sorted(found)
    assert not offenders, "\n".join(["", *offenders])


def test_no_file_is_longer_than_can_be_held_in_mind() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    nothing(f"{place(path)} {length} lines" for path, length in lengths.items() if length > FILE_LINES_MAX)


def test_no_function_is_longer_than_two_screens() -> None:
    lengths = [(path, function, lines_without_docstring(function)) for path, function in functions()]
    nothing(f"{place(path, f.lineno)} {f.name} {length} lines" for path, f, length in lengths if length > FUNCTION_LINES_MAX)


def test_the_middle_function_is_short() -> None:
    lengths = [lines_without_docstring(function) for _, function in functions()]
    assert statistics.median(lengths or [0]) <= FUNCTION_LINES_MEDIAN_MAX


def test_every_module_is_named_for_the_thing_it_holds() -> None:
    names = {path: path.parent.name if path.stem == "__init__" else path.stem for path in sources()}
    nothing(place(path) for path, name in names.items() if name in NO_NAME_FOR_A_MODULE)


def test_every_module_says_what_it_is() -> None:
    nothing(place(path) for path in sources() if ast.get_docstring(tree_of(path)) is None)


def test_every_long_public_function_says_what_it_gives() -> None:
    nothing(
        f"{place(path, function.lineno)} {function.name}"
        for path in sources()
        for function in tree_of(path).body
        if isinstance(function, Function) and not function.name.startswith("_")
        if lines_without_docstring(function) > UNDOCUMENTED_LINES_MAX and ast.get_docstring(function) is None
    )


def test_nothing_imports_names_from_the_init_of_a_package() -> None:
    """`from guiju.base import units` names a module and is fine; a name that `__init__` defines makes import cycles."""
    nothing(
        f"{place(path, node.lineno)} from {node.module} import {alias.name}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module
        for alias in node.names
        if is_package(node.module) and not is_module(f"{node.module}.{alias.name}")
    )


def test_nothing_imports_a_package_as_a_whole() -> None:
    nothing(
        f"{place(path, node.lineno)} import {alias.name}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import)
        for alias in node.names
        if is_package(alias.name)
    )


def is_package(dotted: str) -> bool:
    return (SOURCE.joinpath(*dotted.split(".")) / "__init__.py").exists()


def is_module(dotted: str) -> bool:
    return is_package(dotted) or SOURCE.joinpath(*dotted.split(".")).with_suffix(".py").exists()


def test_no_file_names_the_host_of_a_registry() -> None:
    nothing(place(path, number) for path, number, line in lines_of_kept_files() if REGISTRY_HOST.search(line))


def test_no_file_names_a_place_on_one_machine() -> None:
    nothing(place(path, number) for path, number, line in lines_of_kept_files() if PLACE_ON_ONE_MACHINE.search(line))


def test_every_page_of_data_is_yaml() -> None:
    broken = []
    for path in sorted(page for folder in ("standards", "properties", "factors", "systems") for page in (ROOT / folder).rglob("*.y*ml")):
        try:
            yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            broken.append(f"{place(path)} {error}")
    nothing(broken)


def test_every_folder_of_a_standard_holds_the_standard_its_examples_and_its_source() -> None:
    folders = [path for path in (ROOT / "standards").glob("*/*") if path.is_dir() and any(path.iterdir())]
    wanted = {"standard.yaml", "examples.yaml", "SOURCE.md"}
    lacking = {folder: wanted - {path.name for path in folder.iterdir()} for folder in folders}
    nothing(f"{place(folder)} lacks {', '.join(sorted(missing))}" for folder, missing in lacking.items() if missing)


def test_the_lock_holds_every_dependency_and_every_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, test, spark, server = pins_of("run"), pins_of("test"), pins_of("spark"), pins_of("server")
    nothing({name_of(wanted) for wanted in project["dependencies"]} - run.keys())
    nothing({name_of(wanted) for wanted in project["optional-dependencies"]["test"]} - test.keys())
    assert run.items() <= test.items(), "requirements/test.txt must hold requirements/run.txt, pin for pin and hash for hash"
    assert run.items() <= server.items(), "requirements/server.txt must hold requirements/run.txt, pin for pin and hash for hash"
    nothing({name_of(wanted) for wanted in project["optional-dependencies"]["postgresql"]} - server.keys())
    nothing({name_of(wanted) for wanted in project["optional-dependencies"]["spark"]} - spark.keys())
    differing = {name for name in spark.keys() & test.keys() if spark[name] != test[name]}
    assert not differing, f"requirements/spark.txt pins otherwise than requirements/test.txt, in one environment: {', '.join(sorted(differing))}"
    nothing(name for lock in (test, spark, server) for name, (_, hashes) in lock.items() if not hashes)


def pins_of(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Name → its pinned version with marker, and its hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^(\w[\w.\-]*)==([^\\\n]+)((?:.*\n[ ]+)*.*)", text, flags=re.MULTILINE)
    return {name: (pin.strip(), frozenset(re.findall(r"sha256:([0-9a-f]{64})", rest))) for name, pin, rest in blocks}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.\-]", requirement, maxsplit=1)[0].lower()
