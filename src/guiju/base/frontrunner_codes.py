"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code, E, W

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    # boards and the overall comparison
    "scheme-unknown": E("没有评估方案「{name}」", "there is no evaluation scheme `{name}`", "写方案的文件，或 schemes/ 中的名称", "give its file, or a name of schemes/"),
    "scheme-id": E("方案的 id「{id}」与文件名「{file}」不同", "the scheme's id `{id}` is not its file name, `{file}`", "改成一样", "make them the same"),
    "scheme-cycle": E("「{text}」不是年度", "`{text}` is not a year", "写四位的年份", "write the year with four digits"),
    "scheme-few-core": E("核心指标只有 {found} 项，原则上不少于 {least} 项", "{found} core indicators; there must be {least} in principle", "补上指标，或在 fewer 中写理由与出处", "add indicators, or give the reason and its source under `fewer`"),
    "scheme-twice": E("指标「{name}」列了两次", "the indicator `{name}` is listed twice", "留一次", "list it once"),
    "scheme-indicator": E("没有指标「{name}」", "there is no indicator `{name}`", "指标名写评价标准 indicators 中的 name", "use the `name` of an indicator of the evaluation standard"),
    "scheme-indicator-kind": E("指标「{name}」在标准里是 {found} 类，方案列作 {listed}", "the indicator `{name}` is {found} in the standard and listed as {listed}", "列到同一类下", "list it under the same kind"),
    "scheme-indicator-left": E("标准的 {kind} 指标「{name}」没有列入方案", "the standard's {kind} indicator `{name}` is not in the scheme", "列入；榜单要覆盖全部可分级的指标", "list it: boards cover every graded indicator"),
    "scheme-levels": E("指标「{name}」有 {found} 级，榜单用三级：先进、平均、基准", "the indicator `{name}` has {found} levels; boards have three", "在标准里写 levels 1、2、3", "give levels 1, 2 and 3 in the standard"),
    "scheme-clause": E("{standard} 没有条款「{no}」", "{standard} has no clause `{no}`", "核对条款号", "check its number"),
    "scheme-national-form": E("「{text}」不是「条款 of 标准号」", "`{text}` is not `CLAUSE of NUMBER`", "写成 R1 of GB 36980.1-2025", "write it as R1 of GB 36980.1-2025"),
    "scheme-weights": E("权重之和是 {total}，应为 100", "the weights add up to {total}; they must to 100", "改正 weights", "correct `weights`"),
    "scheme-number": E("「{text}」不在 {low} 与 {high} 之间", "`{text}` is not between {low} and {high}", "改正", "correct it"),
    "scheme-below-national": E("指标「{name}」的最低一级低于 {standard} 的条款 {clause}：{witness}", "the lowest level of `{name}` is below clause {clause} of {standard}: {witness}", "提高第三级，或在基本要求里写入该条款", "raise level 3, or make that clause one of the basic ones"),
    "scheme-national-unknown": W("没有证明指标「{name}」的最低一级不低于 {standard} 的条款 {clause}：{reason_zh}", "not proved that the lowest level of `{name}` is not below clause {clause} of {standard}: {reason_en}", "由人核对，并在方案里写明", "have a person check it, and say so in the scheme"),
    "board-column": E("产品表没有这些列：{columns}；有：{known}", "the table of products has no columns {columns}; it has: {known}", "补上，或改列名", "add them, or rename columns"),
    # authoring and effect
    # credentials
    # cycles and certificates
    # the zone: claims, badges, feeds
}
