"""Study files: the results of a verification as studies that `guiju verify precision` and `guiju verify standard --study` read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from guiju.store.canonical import digest
from guiju.verify.process.analysis import exclusions_text, study_name, study_text
from guiju.verify.process.project import Item, Project
from guiju.verify.study import NEWEST


def bound_name(item: str) -> str:
    """What the file is called that binds a study to its property."""
    return study_name(item).replace(".csv", ".study.yaml")


def study_files(project: Project, item: Item, names: Mapping[str, str]) -> dict[str, str]:
    """File name → text: the results, the exclusions that hold if there are any, and what binds them to property, unit and method.

    names   account → how it is called, for the exclusions
    """
    results, left_out = study_text(project, item), exclusions_text(project, item, names)
    files = {study_name(item.id): results}
    said: dict[str, Any] = {
        "title": {"zh": f"{project.standard} 的验证：{item.title.zh}", "en": f"verification of {project.standard}: {item.title.en}"},
        "property": item.property, "unit": item.unit or "1", "source": f"{project.id} {item.id} SHA-256 {digest(results)}",
        "illustrative": "true" if project.is_illustrative else "false", "data": study_name(item.id),
        "edition": project.analysis.edition if project.analysis else NEWEST,
    }  # fmt: skip
    if item.method:
        said["method"] = item.method
    if left_out is not None:
        said["exclusions"] = study_name(item.id).replace(".csv", ".exclusions.yaml")
        files[said["exclusions"]] = left_out
    text = "".join(f"  {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
    return {**files, bound_name(item.id): f"study:\n{text}"}
