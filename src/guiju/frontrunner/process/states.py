"""States and acts of the annual cycle and of a certificate, as data. What must hold besides is in `cycle_checks` and `certificate_checks`."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.standard.model import Title
from guiju.store.acts import Act, act

CYCLE, CERTIFICATE = "frontrunner-cycle", "frontrunner-certificate"
SIDES = ("anybody", "proposer", "runner", "applicant", "evaluator", "enterprise", "person", "public")
"""Whose act it is: whoever has the role; the organisation that proposed; the one that runs it; one that applies, or has applied, to evaluate; the one
chosen to; one that acts for an enterprise concerned; whoever is signed in, for themselves; anybody, by `objecting` alone."""
_REVIEW, _ANYBODY = "verifier regulator", "author verifier evaluator enterprise operator regulator"
_SIGNED_IN = f"{_ANYBODY} admin auditor"

CYCLE_STATES: Mapping[str, Title] = {
    "proposed": Title("领域已提出", "field proposed"),
    "declined": Title("领域未列入", "field not taken up"),
    "fixed": Title("领域已确定，征集评估方案", "field fixed, calling for evaluators"),
    "evaluating": Title("评估机构与方案已定，待比对", "evaluator and scheme chosen, to be compared"),
    "compared": Title("已比对，待入围", "compared, to be shortlisted"),
    "shortlisted": Title("已入围，待承诺与证明", "shortlisted, awaiting undertakings and evidence"),
    "publicity": Title("公示中", "in publicity"),
    "published": Title("名单已发布", "list published"),
    "closed": Title("本年度已结束", "closed"),
    "abandoned": Title("已终止", "abandoned"),
}
CYCLE_COURSE = ("proposed", "fixed", "evaluating", "compared", "shortlisted", "publicity", "published", "closed")
"""The states in the order of a course that goes well."""
_BEFORE_LIST = "proposed fixed evaluating compared shortlisted publicity"
LISTED = ("published", "closed")
"""In these there is a list, which everybody may see."""

CYCLE_ACTS: Mapping[str, Act] = {
    each.name: each
    for each in (
        act("propose", "提出领域", "propose the field", "", "proposed", "anybody", "author evaluator operator regulator"),
        act("decline", "不列入", "not take the field up", "proposed", "declined", "runner", "operator regulator"),
        act("fix", "确定领域", "fix the field", "proposed", "fixed", "runner", "operator regulator"),
        act("apply", "申请评估", "apply to evaluate", "fixed", None, "applicant", "evaluator"),
        act("take-back", "撤回申请", "take an application back", "fixed", None, "applicant", "evaluator", "apply"),
        act("review", "评审并选定", "review and choose", "fixed", "evaluating", "runner", _REVIEW),
        act("compare", "提交比对", "hand in the comparison", "evaluating compared", "compared", "evaluator", "evaluator"),
        act("shortlist", "确定入围", "shortlist", "compared", "shortlisted", "evaluator", "evaluator"),
        act("send-back", "退回比对", "send the comparison back", "compared shortlisted", "evaluating", "runner", _REVIEW, "compare"),
        act("undertake", "承诺并提交证明", "undertake, with evidence", "shortlisted", None, "enterprise", "enterprise"),
        act("publicise", "开始公示", "begin the publicity", "shortlisted", "publicity", "runner", "operator regulator"),
        act("dismiss", "驳回异议", "dismiss an objection", "publicity", None, "runner", _REVIEW),
        act("uphold", "采纳异议", "uphold an objection", "publicity", None, "runner", _REVIEW),
        act("object", "提出异议", "object", "publicity", None, "person", _SIGNED_IN),
        act("object-public", "公众提出异议", "an objection without an account", "publicity", None, "public", "public"),
        act("set-aside", "拟不予受理", "propose to set objections aside", "publicity", None, "runner", f"operator {_REVIEW}"),
        act("confirm-aside", "不予受理", "set objections aside as inadmissible", "publicity", None, "runner", _REVIEW),
        act("publish", "发布名单", "publish the list", "publicity", "published", "runner", "operator regulator"),
        act("flag", "对照标准变动", "look for changed standards", "published", None, "runner", "operator verifier regulator"),
        act("re-evaluate", "重新评估", "evaluate anew", "published", None, "evaluator", "evaluator"),
        act("keep", "复核后保留", "keep an entry after review", "published", None, "runner", _REVIEW, "flag"),
        act("suspend", "暂停一项", "suspend an entry", "published", None, "runner", _REVIEW),
        act("reinstate", "恢复一项", "reinstate an entry", "published", None, "runner", _REVIEW, "suspend"),
        act("remove", "移出一项", "remove an entry", "published", None, "runner", _REVIEW),
        act("close", "结束本年度", "close the year", "published", "closed", "runner", "operator regulator"),
        act("abandon", "终止", "abandon", _BEFORE_LIST, "abandoned", "runner", "operator regulator"),
        act("declare", "申报利益关系", "declare an interest", _BEFORE_LIST + " published", None, "person", _SIGNED_IN),
    )
}  # fmt: skip

CERTIFICATE_STATES: Mapping[str, Title] = {
    "applied": Title("已申请，待证据", "applied, awaiting evidence"),
    "evidenced": Title("证据已提交，待评价", "evidence handed in, to be evaluated"),
    "evaluated": Title("已评价，待决定", "evaluated, to be decided"),
    "granted": Title("决定发证，待签发", "granted, to be issued"),
    "refused": Title("不予发证", "refused"),
    "abandoned": Title("已撤回申请", "application given up"),
    "valid": Title("有效", "valid"),
    "suspended": Title("已暂停", "suspended"),
    "withdrawn": Title("已撤销", "withdrawn"),
    "expired": Title("已到期", "expired"),
}
"""`expired` is not led to by an act: it is `valid` or `suspended` after the day the certificate runs to."""
CERTIFICATE_COURSE = ("applied", "evidenced", "evaluated", "granted", "valid")
ISSUED = ("valid", "suspended", "withdrawn")
"""In these there is a certificate, which everybody may see; a process never leaves them again."""
_UNDECIDED, _RUNNING = "applied evidenced evaluated", "valid suspended"

CERTIFICATE_ACTS: Mapping[str, Act] = {
    each.name: each
    for each in (
        act("apply", "申请认证", "apply", "", "applied", "enterprise", "enterprise"),
        act("evidence", "提交证据", "hand in evidence", _UNDECIDED, "evidenced", "enterprise", "enterprise"),
        act("evaluate", "评价", "evaluate", "evidenced evaluated", "evaluated", "runner", "evaluator"),
        act("send-back", "退回补证", "send back for evidence", "evidenced evaluated", "applied", "runner", f"evaluator {_REVIEW}", "evidence"),
        act("grant", "决定发证", "grant", "evaluated", "granted", "runner", _REVIEW),
        act("refuse", "不予发证", "refuse", "evaluated", "refused", "runner", _REVIEW),
        act("reconsider", "撤回发证决定", "take the decision back", "granted", "evaluated", "runner", _REVIEW, "grant"),
        act("issue", "签发证书", "issue", "granted", "valid", "runner", f"operator {_REVIEW}"),
        act("surveil", "监督", "surveil", _RUNNING, None, "runner", f"evaluator {_REVIEW}"),
        act("suspend", "暂停", "suspend", "valid", "suspended", "runner", _REVIEW),
        act("reinstate", "恢复", "reinstate", "suspended", "valid", "runner", _REVIEW, "suspend"),
        act("withdraw", "撤销", "withdraw", _RUNNING, "withdrawn", "runner", _REVIEW),
        act("renew", "申请续证", "apply for renewal", _RUNNING, None, "enterprise", "enterprise"),
        act("give-up", "撤回申请", "give the application up", f"{_UNDECIDED} granted", "abandoned", "enterprise", "enterprise"),
        act("declare", "申报利益关系", "declare an interest", f"{_UNDECIDED} granted {_RUNNING}", None, "person", _SIGNED_IN),
    )
}  # fmt: skip
assert all(each.side in SIDES for acts in (CYCLE_ACTS, CERTIFICATE_ACTS) for each in acts.values())
