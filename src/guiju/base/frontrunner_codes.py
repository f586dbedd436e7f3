"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code, E

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    # boards and the overall comparison
    # authoring and effect
    # credentials
    # cycles and certificates
    "frontrunner-conflict": E("{act_zh}：你与企业 {enterprise} 有利害关系（{why_zh}），应当回避", "{act_en}: you have an interest in the enterprise {enterprise} ({why_en}) and must keep out", "请没有利害关系的另一人做；一个人用的机器先建账号：guiju store account", "ask somebody without one; on a machine of one person make accounts first: guiju store account"),
    "frontrunner-code": E("企业代码「{code}」不合用", "the enterprise code `{code}` cannot be used", "1–{most} 个可见字符，如统一社会信用代码", "use 1-{most} printable signs, such as the unified social credit code"),
    "frontrunner-enterprise-unbound": E("企业 {code} 在这里没有机构代表", "no organisation here acts for the enterprise {code}", "请运行者登记：guiju frontrunner enterprise", "ask an operator to say which: guiju frontrunner enterprise"),
    "frontrunner-days": E("公示 {days} 天，应在 {least} 与 {most} 之间", "{days} days of publicity: it must be between {least} and {most}", "改正天数", "correct the days"),
    "frontrunner-cycle-there": E("{field} 已有进行中的年度评估", "{field} has a cycle under way already", "在那一个里继续，或先终止它", "go on in that one, or abandon it first"),
    "frontrunner-other-standard": E("申请依据的是 {standard}，本领域的评价标准是 {wanted}", "the application is by {standard}; the evaluation standard of the field is {wanted}", "按本领域的评价标准申请", "apply with the evaluation standard of the field"),
    "frontrunner-group-first": E("{standard} 不是团体标准，没有写理由", "{standard} is no group standard, and no ground is given", "团体标准优先：写明为何用别的", "group standards come first: say why another is used"),
    "frontrunner-applied-already": E("你的机构已经申请", "your organisation has applied already", "要改就先撤回", "take it back first to change it"),
    "frontrunner-no-board": E("「{name}」不是榜单结果", "`{name}` is no result of boards", "先运行榜单：guiju frontrunner board", "run the boards first: guiju frontrunner board"),
    "frontrunner-result-other": E("榜单结果的 {name} 是 {found}，本年度评估的是 {wanted}", "the {name} of the boards is {found}; this cycle's is {wanted}", "用本领域提出时的方案与标准重新比对", "compare anew by the scheme and the standard the field was proposed with"),
    "frontrunner-nobody-shortlisted": E("没有一个标准入围", "no declared standard is shortlisted", "退回比对，或终止并说明", "send the comparison back, or abandon and say why"),
    "frontrunner-entry": E("没有可以这样处理的条目 {number}", "there is no entry {number} to do this with", "核对编号与状态", "check its number and how it stands"),
    "frontrunner-documents": E("证明材料要有 1–{most} 份", "between 1 and {most} pieces of evidence are needed", "附上材料", "add them"),
    "frontrunner-no-undertaking": E("没有一家企业作出承诺", "no enterprise has given an undertaking", "等企业承诺，或终止", "wait for one, or abandon"),
    "frontrunner-publicity-over": E("公示已于 {until} 结束", "the publicity ended on {until}", "名单发布后的问题请向运行者反映", "turn to who runs it once the list is published"),
    "frontrunner-publicity-runs": E("公示到 {until}（共 {days} 天），还没有结束", "the publicity runs until {until} ({days} days) and has not ended", "期满再发布", "publish when it has"),
    "frontrunner-objection": E("没有待处理的异议 {number}", "there is no open objection {number}", "核对编号", "check its number"),
    "frontrunner-objections-open": E("异议 {numbers} 还没有处理", "objection {numbers} has not been decided", "逐条处理并写明理由", "decide each, with the reason"),
    "frontrunner-nobody-listed": E("没有可以列入名单的条目", "nobody is left to be listed", "终止并说明", "abandon, and say why"),
    "frontrunner-nothing-changed": E("名单上的标准都没有变动", "no standard on the list has changed", "不用处理", "there is nothing to do"),
    "frontrunner-not-flagged": E("条目 {number} 没有标准变动的标记", "entry {number} is not flagged", "先对照标准变动", "look for changed standards first"),
    "frontrunner-not-renewed": E("条目 {number} 的标准有变动，没有重新评估为仍入围", "the standard of entry {number} has changed, and evaluating it anew has not shortlisted it", "先重新评估；不再入围就移出", "evaluate it anew; remove it where it is shortlisted no more"),
    "frontrunner-still-flagged": E("条目 {numbers} 的标准变动还没有处理", "the changed standard of entry {numbers} has not been dealt with", "复核后保留，或移出", "keep it after review, or remove it"),
    "frontrunner-certificate-expired": E("证书已到期", "the certificate has expired", "重新申请", "apply anew"),
    "frontrunner-models": E("要写 1–{most} 个不重复的型号", "between 1 and {most} models are needed, each once", "改正型号", "correct the models"),
    "frontrunner-evidence-rows": E("证据要有 1–{most} 行", "between 1 and {most} rows of evidence are needed", "改正表格", "correct the table"),
    "frontrunner-evidence-model": E("第 {row} 行的型号「{model}」不在申请之内：{known}", "row {row}: the model `{model}` was not applied for: {known}", "改正型号，或另行申请", "correct it, or apply for it"),
    "frontrunner-evidence-lacks": E("第 {row} 行缺 {name}", "row {row} lacks {name}", "填上", "fill it in"),
    "frontrunner-evidence-date": E("第 {row} 行的测量日期「{text}」不是日期", "row {row}: `{text}` is no date of measurement", "写成 2026-01-31", "write it as 2026-01-31"),
    "frontrunner-evidence-twice": E("型号 {model} 的 {name} 有两行", "{name} of the model {model} has two rows", "留一行", "leave one"),
    "frontrunner-evidence-none": E("型号 {model} 没有证据", "there is no evidence of the model {model}", "补上，或不申请它", "add some, or do not apply for it"),
    "frontrunner-not-shown": E("证据没有表明符合：{why_zh}", "the evidence does not show conformity: {why_en}", "退回补证，或不予发证", "send it back for evidence, or refuse"),
    "frontrunner-validity": E("有效期 {begins} 到 {ends} 不合用", "the validity from {begins} to {ends} cannot be used", "起日在前，至多 {years} 年", "the beginning before the end, {years} years at most"),
    "frontrunner-not-due": E("{due} 没有到期的监督；到期的：{known}", "no surveillance falls due on {due}; those that do: {known}", "用列出的日期，或留空", "use one of these, or none"),
    "frontrunner-renewed-already": E("已经申请续证：{by}", "a renewal was applied for already: {by}", "在那一份申请里继续", "go on in that application"),
    "frontrunner-undeclared": E("库里没有企业 {enterprise} 声明的标准 {standard}-{edition}", "in the library no enterprise {enterprise} declares {standard}-{edition}", "核对标准号与版本，或先导入新的库", "check its number and edition, or import the library anew"),
    "frontrunner-not-current": E("{standard}-{edition} 的状态是 {status}", "{standard}-{edition} is {status}", "用现行的版本申请", "apply with the current edition"),
    "frontrunner-model-unknown": E("库里没有执行 {standard}-{edition} 的型号「{model}」", "in the library no model `{model}` implements {standard}-{edition}", "核对型号", "check the model"),
    "frontrunner-scheme-moved": E("方案 {scheme} 或评价标准在申请之后有变", "the scheme {scheme} or its evaluation standard has changed since the application", "退回并按新的方案重新申请", "send it back, and let it be applied for anew"),
    "frontrunner-no-comparison": E("{standard} 不在已发布的名单上，也没有给出含有它的榜单结果", "{standard} is on no published list, and no board result with it is named", "给出同一方案的榜单结果", "name a board result of the same scheme"),
    "frontrunner-no-issuer": E("没有签发者：{missing_zh}", "there is no issuer: {missing_en}", "设 GUIJU_ISSUER 后再签发；决定已留存，不必重做", "set GUIJU_ISSUER and issue it then; the decision is kept"),
    "unknown-certificate": E("没有证书「{name}」", "there is no certificate `{name}`", "核对编号", "check its identifier"),
    # the zone: claims, badges, feeds
}
