"""The page on profiles: its files are put on a shelf, and its commands print what is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"profiles.md": "en", "profiles.zh.md": "zh"}
FILE = re.compile(r"^`(shelf/[^`]+)`\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"^\$ guiju (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def text(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def missing(shown: list[str], printed: str) -> str | None:
    """The first line shown that does not follow, in this order, in what was printed; `…` at the end of a line stands for the rest of it."""
    waiting = [" ".join(line.split()) for line in printed.splitlines()]
    for line in (" ".join(line.split()) for line in shown):
        start = line.removesuffix("…").rstrip()
        at = next((n for n, found in enumerate(waiting) if found == line or (line.endswith("…") and found.startswith(start))), None)
        if at is None:
            return line
        waiting = waiting[at + 1 :]
    return None


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_prints_what_is_shown(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = FILE.findall(text(page))
    assert len(files) == 4
    for name, content in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIJU_SHELVES", "shelf")
    calls = [call for block in re.findall(r"^```console\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL) for call in CALL.findall(block)]
    assert len(calls) >= 6
    for words, shown in calls:
        command, *rest = shlex.split(words)
        ran = CliRunner().invoke(build(PARTS), ["--lang", PAGES[page], command, *rest])
        choose_language(None)
        assert missing(shown.splitlines(), ran.output) is None, f"{words}: {missing(shown.splitlines(), ran.output)}\n{ran.output}"


def test_both_languages_have_the_same_examples() -> None:
    english, chinese = text("profiles.md"), text("profiles.zh.md")
    assert FILE.findall(english) == FILE.findall(chinese)
    assert [words for words, _ in CALL.findall(english)] == [words for words, _ in CALL.findall(chinese)]
    assert len(re.findall("^#+ ", english, re.MULTILINE)) == len(re.findall("^#+ ", chinese, re.MULTILINE))
