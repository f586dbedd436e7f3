"""What the workbench is delivered in: the container file, step by step as far as there is no container here, and the units of systemd."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest

from serving import answer, serving

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
EXPOSURE_MAX = 20
"""Of systemd-analyze security, times ten: 0 is locked up, 100 is open."""


def steps() -> list[tuple[str, str]]:
    """(instruction, words) of the container file, in order."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [(word, " ".join(rest.split())) for word, rest in re.findall(r"^([A-Z]+) (.*)$", text, flags=re.MULTILINE)]


def environment() -> dict[str, str]:
    """What the last stage sets."""
    last = max(n for n, (word, _) in enumerate(steps()) if word == "FROM")
    pairs = [pair for word, rest in steps()[last:] if word == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def let_in(path: str) -> bool:
    """Whether the ignore file leaves a path of the repository in what is sent to the builder."""
    is_in = True
    for line in (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines():
        pattern = line.strip().lstrip("!")
        if not pattern or pattern.startswith("#"):
            continue
        parts = path.split("/")
        heads = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        if any(fnmatch(head, pattern) or (pattern.startswith("**/") and part == pattern[3:]) for head, part in zip(heads, parts, strict=True)):
            is_in = line.startswith("!")
    return is_in


def test_the_container_is_of_a_plain_base_locked_and_not_run_as_root() -> None:
    found = steps()
    bases = {rest.split()[0] for word, rest in found if word == "FROM"}
    assert bases == {"python:3.11-slim-bookworm"}, "no registry is named"
    installs = [rest for word, rest in found if word == "RUN" and " pip install" in rest]
    assert ["--require-hashes" in rest or "--no-index --" in rest or "--no-index ." in rest for rest in installs] == [True, True]
    assert "--require-hashes --requirement requirements/server.txt" in installs[0]
    words = [word for word, _ in found]
    assert dict(found)["USER"] == "10001:10001" and words.index("USER") < words.index("ENTRYPOINT")
    assert any("fonts-noto-cjk" in rest for word, rest in found if word == "RUN")
    for word, rest in found:
        if word == "COPY" and "--from" not in rest:
            assert (ROOT / rest.split()[0]).exists(), rest
    assert not re.search(r"https?://", re.sub(r"http://127\.0\.0\.1:", "", (DEPLOY / "Containerfile").read_text("utf-8")))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install .` puts into the image, built from nothing but what the builder is sent."""
    folder = tmp_path_factory.mktemp("image")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"], "pyproject.toml", "README.md", "LICENSE", "requirements/server.txt"]
    assert all(let_in(each) for each in wanted), "the builder is sent everything the package is made of"
    assert not any(let_in(each) for each in (".git/config", ".venv/bin/python", "guiju-store/guiju.sqlite", "tests/conftest.py", "src/guiju/__pycache__/x.pyc"))
    for each in wanted:
        (folder / "src" / each).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / each).is_dir():
            shutil.copytree(ROOT / each, folder / "src" / each, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / each, folder / "src" / each)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=folder / "src", check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    shutil.rmtree(folder / "src")
    return folder / "site"


def test_what_is_installed_serves_by_itself_and_the_health_check_tells(installed: Path, tmp_path: Path) -> None:
    """The entry point with the settings of the container file, but a free port of this machine, from the package and no checkout beside it."""
    said = environment()
    assert (said["GUIJU_HOST"], said["GUIJU_STORE"]) == ("0.0.0.0", "/var/lib/guiju")
    assert (dict(steps())["ENTRYPOINT"], dict(steps())["CMD"]) == ('["guiju"]', '["serve"]')
    settings = {k: v for k, v in said.items() if k not in ("PATH", "GUIJU_PORT", "GUIJU_STORE")}
    health = json.loads(re.search(r"CMD (\[.*\])$", dict(steps())["HEALTHCHECK"])[1])  # type: ignore[index]
    assert health[0] == "python"
    with serving(tmp_path, **settings, GUIJU_JOBS="no", PYTHONPATH=str(installed), GUIJU_BASE_URL="") as (address, _, first):
        port = address.rpartition(":")[2]
        assert "/invitations/" in "".join(first), "reached from outside, it asks people to sign in"
        assert answer(f"http://127.0.0.1:{port}/standards") == 200
        where = [sys.executable, "-c", "import guiju.app; print(guiju.app.__file__)"]
        told = subprocess.run(where, env={**os.environ, "PYTHONPATH": str(installed)}, check=True, capture_output=True, text=True, cwd=tmp_path)
        assert told.stdout.strip() == str(installed / "guiju" / "app.py"), "the package, not the checkout"
        healthy = subprocess.run([sys.executable, *health[1:]], env={**os.environ, "GUIJU_PORT": port}, check=False, capture_output=True)
        assert healthy.returncode == 0, healthy.stderr
    ill = subprocess.run([sys.executable, *health[1:]], env={**os.environ, "GUIJU_PORT": port}, check=False, capture_output=True)
    assert ill.returncode != 0


def test_the_units_run_what_there_is_with_settings_there_are() -> None:
    assert [unit.name for unit in UNITS] == ["guiju-worker.service", "guiju.service"]
    for unit in UNITS:
        read = ConfigParser(strict=False, interpolation=None, delimiters="=")
        read.optionxform = str  # type: ignore[assignment, method-assign]
        read.read_string(unit.read_text("utf-8"))
        service = read["Service"]
        words = shlex.split(service["ExecStart"])
        assert words[0] == "/opt/guiju/bin/guiju"
        told = subprocess.run([sys.executable, "-m", "guiju", *words[1:], "--help"], check=False, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        assert service["DynamicUser"] == "yes" and service["ProtectSystem"] == "strict" and service["StateDirectory"] == "guiju"
        assert service["Environment"].split()[0] == "GUIJU_STORE=/var/lib/guiju"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_units_and_finds_them_locked_up(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze (Debian: systemd)")
    here = tmp_path / unit.name
    here.write_text(unit.read_text("utf-8").replace("/opt/guiju/bin/guiju", sys.executable), encoding="utf-8")
    found = subprocess.run([analyze, "verify", "--man=no", "--recursive-errors=no", here], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr.strip()) == (0, "")
    rated = subprocess.run([analyze, "security", "--offline=yes", "--no-pager", f"--threshold={EXPOSURE_MAX}", unit], check=False, capture_output=True)
    assert rated.returncode == 0, rated.stdout.decode()
