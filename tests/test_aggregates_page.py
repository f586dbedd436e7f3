"""The page on aggregates: its standard has no flaw, and its command prints what is shown, in both languages."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from checking import checked
from guiju.ir.aggregates import COUNTS
from guiju.standard.aggregates import AGGREGATE
from test_docs import GUIJU, blocks, calls, missing_lines, page

PAGES = {"docs/aggregates.md": "en", "docs/aggregates.zh.md": "zh"}


@pytest.mark.parametrize("name", PAGES)
def test_the_command_of_the_page_prints_what_is_shown(name: str, tmp_path: Path) -> None:
    (standard,), (trips,) = blocks(page(name), "yaml"), blocks(page(name), "csv")
    found = checked(standard)
    assert not found.codes, found.problems.found
    (tmp_path / "rides").mkdir()
    (tmp_path / "rides" / "standard.yaml").write_text(standard, encoding="utf-8")
    (tmp_path / "trips.csv").write_text(trips, encoding="utf-8")
    environment = {**os.environ, "GUIJU_LANG": PAGES[name], "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    ((command, shown),) = calls(page(name))
    ran = subprocess.run([*GUIJU, *shlex.split(command)[1:]], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    printed = ran.stdout.decode() + f"exit code {ran.returncode}\n退出码 {ran.returncode}\n"
    assert not missing_lines(shown, printed), printed
    assert (tmp_path / "accounts.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "u1,3,0,1,0,1500"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_tells_every_key_and_every_count(name: str) -> None:
    told = set(re.findall(r"`(\w+)`", page(name)))
    assert not (AGGREGATE.keys.keys() | set(COUNTS)) - told


def test_the_page_in_chinese_has_the_records_of_the_other() -> None:
    assert len({tuple(blocks(page(name), "csv")) for name in PAGES}) == 1
