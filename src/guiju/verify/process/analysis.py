"""Analysis: the results of all laboratories as studies, in files that `guiju verify precision` reads, and what it says of them."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from guiju.base.rounding import decimal_text
from guiju.store.canonical import digest
from guiju.verify.precision_told import as_json
from guiju.verify.process.door import value_of
from guiju.verify.process.project import Exclusion, Item, Project
from guiju.verify.study import Exclusion as Declared
from guiju.verify.study import analyse, read_exclusions, read_studies

HEADER = ("lab", "level", "replicate", "value")


def study_name(item: str) -> str:
    """What the file of a study is called."""
    return f"study-{re.sub(r'[^A-Za-z0-9._-]+', '-', item)}.csv"


def study_text(project: Project, item: Item) -> str:
    """A row per result under the blind codes of the laboratories; nothing is left out but what is empty."""
    assert project.plan is not None and project.samples, "the blinding is lifted"
    rows = []
    for order in project.working:
        for code in order.codes if item.id in order.items else ():
            value = value_of(order.values.get(code, {}).get(item.id, ""), item)
            if value is not None:
                lab, level, replicate = project.samples[code]
                rows.append((lab, project.plan.levels.index(level), int(replicate), decimal_text(value)))
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(HEADER)
    written.writerows((lab, project.plan.levels[at], replicate, value) for lab, at, replicate, value in sorted(rows))
    return out.getvalue()


def exclusions_text(project: Project, item: Item, names: Mapping[str, str]) -> str | None:
    """The valid exclusions as `--exclude` reads them; None: there are none."""
    found = [each for each in project.excluded if each.item == item.id]
    return None if not found else "exclusions:\n" + "".join(_excluded(each, names) for each in found)


def _excluded(each: Exclusion, names: Mapping[str, str]) -> str:
    by = f"{names.get(each.by, each.by)}; {names.get(each.confirmed_by, each.confirmed_by)}"
    said = {"lab": each.lab, "level": each.level, "replicate": each.replicate, "reason": each.reason, "by": by, "on": each.at.date().isoformat()}
    return "".join(f"  {'- ' if at == 0 else '  '}{name}: {json.dumps(text, ensure_ascii=False)}\n" for at, (name, text) in enumerate(
        (name, text) for name, text in said.items() if text))  # fmt: skip


def studies_of(project: Project, edition: str, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """(sha256 of the study, the JSON of its analysis) of every quantity.

    raises   Refused: what `read_studies` and `analyse` find
    """
    assert project.plan is not None, "analysed"
    found = {}
    with tempfile.TemporaryDirectory(prefix="guiju-study-") as folder:
        for item in project.plan.items:
            path, excluded = Path(folder) / study_name(item.id), Path(folder) / "exclusions.yaml"
            text, left_out = study_text(project, item), exclusions_text(project, item, names)
            path.write_text(text, encoding="utf-8", newline="\n")
            exclusions: tuple[Declared, ...] = ()
            if left_out is not None:
                excluded.write_text(left_out, encoding="utf-8", newline="\n")
                exclusions = read_exclusions(excluded)
            result = analyse(read_studies(path, {}, item.unit), edition, exclusions)
            found[item.id] = digest(text), json.dumps(as_json(result), ensure_ascii=False, indent=1)
    return found
