"""Forms: what the pages ask for each act, as data; what an act says is in `bodies`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guiju.frontrunner.process.bodies import CERTIFICATE_SAYS, CYCLE_SAYS
from guiju.standard.model import Title

Kind = Literal["words", "line", "date", "number", "choice", "files", "table", "check"]


@dataclass(frozen=True, slots=True)
class Asked:
    """choice: among what is offered under the name; table: a file, or cells pasted; files: several, which are kept"""

    name: str
    title: Title
    kind: Kind
    needed: bool = True
    value: str = ""


_TITLES: Mapping[str, tuple[str, str, Kind]] = {
    "reason": ("理由", "Why", "words"), "opinion": ("意见", "Opinion", "words"), "days": ("公示天数", "Days of publicity", "number"),
    "standard": ("依据的评价标准", "By which evaluation standard", "line"), "plan": ("评估方案与能力", "Plan and capability", "words"),
    "ground": ("依据", "Ground", "words"), "application": ("哪一份申请", "Which application", "choice"),
    "result": ("榜单结果", "Result of boards", "choice"), "entry": ("哪一项", "Which entry", "choice"),
    "documents": ("证明材料（可多选，只有相关各方能取；PDF、PNG、JPEG、XLSX、DOCX、文本，每份至多 16 MB）",
                  "Evidence: several files, for those concerned only; PDF, PNG, JPEG, XLSX, DOCX, text, up to 16 MB each", "files"),
    "text": ("说明", "In words", "words"), "objection": ("哪一条异议", "Which objection", "choice"),
    "objections": ("哪几条异议，如 1-5、8", "Which objections, as 1-5, 8", "line"),
    "library": ("标准库", "Library", "choice"), "enterprise": ("企业代码", "Code of the enterprise", "line"),
    "table": ("测量值（CSV，首行为列名）", "Measured values (CSV, headers first)", "table"), "illustrative": ("示意数据", "Made-up data", "check"),
    "rule": ("判定规则", "Decision rule", "choice"), "valid_from": ("有效期自", "Valid from", "date"),
    "valid_until": ("至（含）", "until, included", "date"),
    "every_months": ("监督间隔（月，0 为无）", "Months between surveillances; 0: none", "number"),
    "due": ("哪一次到期的监督", "Which surveillance that falls due", "choice"), "outcome": ("结果", "Outcome", "choice"),
    "undertaking": ("承诺", "Undertaking", "words"),
}  # fmt: skip
_OPTIONAL = {("apply", "ground"), ("evaluate", "result"), ("evaluate", "text"), ("surveil", "due"), ("evidence", "illustrative"),
             ("evidence", "documents")}
_VALUES = {"days": "15", "every_months": "12"}
_OWN: Mapping[tuple[str, str], tuple[str, str]] = {
    ("apply", "ground"): ("不用团体标准的理由", "Why no group standard is used"), ("object", "ground"): ("异议的依据", "Ground of the objection"),
    ("undertake", "text"): ("承诺", "Undertaking"), ("publicise", "text"): ("公示的说明", "Words of the notice"),
    ("evidence", "documents"): ("检测报告等文件（可多选，只有相关各方能取；PDF、PNG、JPEG、XLSX、DOCX、文本，每份至多 16 MB）",
                                "Reports and other files, for those concerned only; PDF, PNG, JPEG, XLSX, DOCX, text, up to 16 MB each"),
    ("declare", "text"): ("是什么关系", "What interest"),
    ("evaluate", "result"): ("榜单结果（标准在已发布的名单上时不用）", "Result of boards, where the standard is on no list"),
    ("evaluate", "text"): ("评价说明", "Note"), ("surveil", "text"): ("看到了什么", "What was found"),
}  # fmt: skip


def _form(act: str, names: tuple[str, ...]) -> tuple[Asked, ...]:
    found = []
    for name in names:
        zh, en, kind = _TITLES[name]
        found.append(Asked(name, Title(*_OWN.get((act, name), (zh, en))), kind, (act, name) not in _OPTIONAL, _VALUES.get(name, "")))
    return tuple(found)


CYCLE_FORMS: Mapping[str, tuple[Asked, ...]] = {act: _form(act, names) for act, names in CYCLE_SAYS.items()}
CERTIFICATE_FORMS: Mapping[str, tuple[Asked, ...]] = {act: _form(act, names) for act, names in CERTIFICATE_SAYS.items()}
ASIDE = ("decline", "abandon", "send-back", "declare", "give-up", "withdraw", "refuse", "take-back", "suspend", "remove", "reconsider", "close",
         "set-aside", "confirm-aside")  # fmt: skip
"""Acts that stand folded after the others: taking back, refusing, and what is not the next step of a course."""
