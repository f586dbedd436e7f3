"""States and acts of a verification, as data: what may be done in which state, by whom, and where it leads. What must hold besides is in `checks`."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.standard.model import Title
from guiju.store.acts import Act, act

STATES: Mapping[str, Title] = {
    "demand": Title("需求已提出", "demanded"),
    "declined": Title("未受理", "declined"),
    "accepted": Title("已受理，拟方案", "accepted, to be planned"),
    "planned": Title("方案待评估", "plan to be assessed"),
    "approved": Title("方案通过", "plan approved"),
    "calling": Title("征集验证点", "calling for points"),
    "running": Title("实施中", "running"),
    "closed": Title("实施结束，待揭盲", "closed, still blind"),
    "lifted": Title("已揭盲，待分析", "blinding lifted, to be analysed"),
    "analysed": Title("已分析，待结论", "analysed, to be concluded"),
    "concluded": Title("已有结论，待归档", "concluded, to be archived"),
    "archived": Title("已归档", "archived"),
    "abandoned": Title("已终止", "abandoned"),
}
COURSE = ("demand", "accepted", "planned", "approved", "calling", "running", "closed", "lifted", "analysed", "concluded", "archived")
"""The states in the order of a course that goes well."""
ENDS = ("archived", "abandoned")
PUBLISHED = ("concluded", "archived")
"""In these everybody may see what came of it."""
BLIND = ("running", "closed")
"""In these results are seen by nobody but the laboratory they are of."""


SIDES = ("anybody", "demander", "runner", "either", "lab", "key")
"""Whose act it is: who asked for the verification, the organisation that runs it, either of them, a laboratory in its own matter, who holds the key
to the blind codes."""
_ANALYSING, _ANYBODY = "lifted analysed", "author verifier evaluator enterprise operator regulator"
ACTS: Mapping[str, Act] = {
    each.name: each
    for each in (
        act("demand", "提出需求", "demand", "", "demand", "anybody", _ANYBODY),
        act("accept", "受理", "accept", "demand", "accepted", "runner", "verifier operator"),
        act("decline", "不受理", "decline", "demand", "declined", "runner", "verifier operator"),
        act("renew", "再次提出", "demand again", "declined", "demand", "demander", _ANYBODY, "decline"),
        act("plan", "拟定方案", "plan", "accepted planned", "planned", "runner", "verifier"),
        act("approve", "方案评估通过", "approve the plan", "planned", "approved", "either", "evaluator"),
        act("send-back", "方案退回", "send the plan back", "planned", "accepted", "either", "evaluator", "plan"),
        act("reopen-plan", "重拟方案", "plan anew", "approved", "planned", "runner", "verifier", "approve"),
        act("call", "征集", "call", "approved", "calling", "runner", "operator verifier"),
        act("end-call", "撤回征集", "take the call back", "calling", "approved", "runner", "operator verifier", "call"),
        act("apply", "申请", "apply", "calling", None, "lab", "verifier enterprise"),
        act("withdraw", "撤回申请", "withdraw", "calling", None, "lab", "verifier enterprise", "apply"),
        act("assign", "下达任务", "assign", "calling", "running", "runner", "operator"),
        act("enter", "录入数据", "enter results", "running", None, "lab", "verifier enterprise"),
        act("return", "退回补正", "return for correction", "running", None, "runner", "operator", "enter"),
        act("drop", "退出任务", "drop an order", "running", None, "runner", "operator"),
        act("close", "结束实施", "close the execution", "running", "closed", "runner", "operator"),
        act("reopen", "恢复实施", "reopen the execution", "closed", "running", "runner", "operator", "close"),
        act("hand-over", "移交盲码", "hand the key over", "running closed", None, "runner", "operator"),
        act("lift", "揭盲", "lift the blinding", "closed", "lifted", "key", "operator"),
        act("exclude", "申报剔除", "declare an exclusion", _ANALYSING, None, "runner", "verifier evaluator"),
        act("confirm", "确认剔除", "confirm an exclusion", _ANALYSING, None, "runner", "verifier evaluator"),
        act("restore", "撤回剔除", "take an exclusion back", _ANALYSING, None, "runner", "verifier evaluator", "exclude"),
        act("analyse", "分析", "analyse", _ANALYSING, "analysed", "runner", "verifier evaluator"),
        act("conclude", "给出结论", "conclude", "analysed", "concluded", "runner", "verifier"),
        act("reconsider", "撤回结论", "take the conclusion back", "concluded", "analysed", "runner", "evaluator", "conclude"),
        act("archive", "归档", "archive", "concluded", "archived", "runner", "operator evaluator regulator"),
        act("abandon", "终止", "abandon", "demand declined accepted planned approved calling running closed lifted analysed", "abandoned", "runner",
             "operator"),
    )
}  # fmt: skip

ASPECTS: Mapping[str, Title] = {
    "scientific": Title("科学性", "scientific"),
    "reasonable": Title("合理性", "reasonable"),
    "applicable": Title("适用性", "applicable"),
    "operable": Title("可操作性", "operable"),
    "consistent": Title("协调性", "consistent"),
}
VERDICTS: Mapping[str, Title] = {
    "pass": Title("通过", "pass"),
    "after-change": Title("修改后通过", "pass after change"),
    "fail": Title("不通过", "fail"),
    "not-verified": Title("未验证", "not verified"),
}
STAGES: Mapping[str, Title] = {
    "research": Title("预研", "research"),
    "proposal": Title("立项", "proposal"),
    "drafting": Title("起草", "drafting"),
    "review": Title("审查", "review"),
    "publication": Title("发布", "publication"),
    "effect": Title("实施效果评估", "assessment of its effect"),
}
assert all(each.side in SIDES for each in ACTS.values())
