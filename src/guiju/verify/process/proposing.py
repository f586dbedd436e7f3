"""Proposing: what the dossier of a standard computes from the studies of a verification, beside which people enter their conclusions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.assembled import Given, twin, verify_standard
from guiju.verify.dossier.evidence import Conclusion, Dossier
from guiju.verify.dossier.measured import Tell
from guiju.verify.dossier.report import value_text
from guiju.verify.process.project import Item, Project
from guiju.verify.process.states import VERDICTS
from guiju.verify.process.study_files import bound_name, study_files

ASPECT = {"scientific": "scientific", "reasonable": "reasonable", "applicable": "applicable", "operable": "operable", "coherent": "consistent"}
VERDICT = {"pass": "pass", "change": "after-change", "fail": "fail", "not verified": "not-verified"}
"""The words of the dossier in those of the process."""
STEPS, SECONDS = 1_000_000, 20.0
"""What one question may cost the solver, as on the pages of the dossier."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for the project as it stood after its step `after`; `said` are plain values that can stand in a step:

    twin, content_hash, on   sha256 of the machine-readable dossier, and of which text it is
    files                    name and sha256 of everything it was made from
    clauses                  number → aspect → verdict, why, and the evidence by rule
    unused                   quantities whose study another one of the same property and method stands for
    """

    after: int
    said: Mapping[str, Any]


def proposal(shelf: Shelf, project: Project, names: Mapping[str, str], records: tuple[Path, ...] = (), mappings: tuple[Path | None, ...] = (),
             tell: Tell = lambda done, total: None) -> Proposal:  # fmt: skip
    """What the dossier concludes of every clause of the plan, from the studies of this project and, where given, from products.

    project   analysed
    names     account → how it is called, for the exclusions
    raises    Refused: process-analysis-stale; what `verify_standard` refuses
    """
    assert project.plan is not None and project.analysis is not None, "analysed"
    if project.is_stale:
        raise Refused([Diagnostic("process-analysis-stale", None, {})])
    used, unused = _told_apart(project.plan.items)
    with tempfile.TemporaryDirectory(prefix="guiju-proposal-") as folder:
        for item in used:
            for name, text in study_files(project, item, names).items():
                (Path(folder) / name).write_text(text, encoding="utf-8", newline="\n")
        studies = tuple(Path(folder) / bound_name(item.id) for item in used)
        made, _ = verify_standard(shelf, Given(project.standard, studies, records, mappings, steps=STEPS, seconds=SECONDS), tell)
    clauses = {each.no: _of_clause(made, each.no) for each in project.plan.clauses if each.by != "none"}
    said = {
        "twin": twin(made)["sha256"], "content_hash": made.about["content"], "on": made.about["on"], "clauses": clauses,
        "files": [{"name": name, "sha256": sha256} for name, sha256 in made.files], "illustrative": made.illustrative,
        "unused": [item.id for item in unused],
    }  # fmt: skip
    return Proposal(project.number, said)


def _told_apart(items: tuple[Item, ...]) -> tuple[list[Item], list[Item]]:
    """A dossier takes one study of a property and method: the first quantity of each, and the others."""
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        first.setdefault((item.property, item.method), item)
    used = list(first.values())
    return used, [item for item in items if item not in used]


def _of_clause(made: Dossier, no: str) -> dict[str, Any]:
    return {ASPECT[each.aspect]: _one(made, each) for each in made.conclusions if each.subject == no}


def _one(made: Dossier, each: Conclusion) -> dict[str, Any]:
    found = []
    for finding in each.findings:
        evidence = made.named(finding.evidence)
        lacking = evidence.lacking or Title("", "")
        zh, en = (f"{evidence.title.text(at)}: {getattr(lacking, at) or value_text(evidence, at)}" for at in ("zh", "en"))
        found.append({"rule": finding.rule, "id": finding.evidence, "zh": zh, "en": en,
                      "verdict": VERDICT[finding.outcome] if finding.outcome else None})  # fmt: skip
    return {"verdict": VERDICT[each.outcome], "zh": each.why.zh, "en": each.why.en, "evidence": found}


assert set(VERDICT.values()) == set(VERDICTS)
