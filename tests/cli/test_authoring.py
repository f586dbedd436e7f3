"""Beginning a standard, and what a shell completes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems, Refused
from guiju.cli.authoring import KINDS, TEMPLATES, names_like, new_standard
from guiju.readings.examples import examine
from guiju.standard.formatting import formatted
from guiju.standard.shelf import Shelf


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_standard_is_complete_runs_and_is_laid_out(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "q" / "Q-NEW-1"
    new_standard(folder, kind)
    assert sorted(path.name for path in folder.iterdir()) == ["SOURCE.md", "examples.yaml", "standard.yaml"]
    opened, program, problems = examine(Shelf(), folder)
    assert program is not None and opened.standard is not None
    assert not problems.found, [d.message("en") for d in problems.found]
    assert {source.grade for source in opened.standard.sources.values()} == {"illustrative"}
    for name in ("standard.yaml", "examples.yaml"):
        text = (folder / name).read_text("utf-8")
        assert formatted(text, name, Problems()) == text


def test_every_kind_has_its_own_template() -> None:
    assert {path.name for path in TEMPLATES.iterdir() if path.is_dir()} == set(KINDS)


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "examples.yaml").write_text("mine")
    with pytest.raises(Refused) as refused:
        new_standard(tmp_path, "limits")
    assert [d.code for d in refused.value.diagnostics] == ["file-exists"]
    assert [path.name for path in tmp_path.iterdir()] == ["examples.yaml"]
    assert (tmp_path / "examples.yaml").read_text() == "mine"


def test_an_unknown_kind_and_a_place_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, kind, code in ((tmp_path / "a", "limit", "unknown-word"), (tmp_path / "file" / "a", "limits", "file-unwritable")):
        with pytest.raises(Refused) as refused:
            new_standard(folder, kind)
        assert [d.code for d in refused.value.diagnostics] == [code]
        assert not folder.exists()


def test_every_standard_is_offered_by_its_folder_and_by_its_number() -> None:
    for number, path in shelf().paths().items():
        for typed in (path.name[:4], path.name.lower()[:4], number.replace(" ", "")):
            offered = [name for name, of in names_like(typed) if of == number]
            assert len(offered) == 1 and offered[0].startswith(typed) and " " not in offered[0]
            assert shelf().locate(offered[0]) == path


def completed(words: str, at: int) -> list[str]:
    call = "import sys; sys.argv = ['guiju']\nfrom guiju.app import main; main()"
    environment = {**os.environ, "_GUIJU_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    ran = subprocess.run([sys.executable, "-c", call], env=environment, capture_output=True, check=False)
    return ran.stdout.decode().split()


def test_a_shell_completes_commands_and_standards() -> None:
    assert completed("guiju sch", 1) == ["schema"]
    assert completed("guiju check GB-36980", 2) == ["GB-36980.1-2025"]
