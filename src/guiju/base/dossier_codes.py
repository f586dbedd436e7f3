"""The diagnostic codes of the verification of a standard, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import E, W

DOSSIER = {
    # the verification of a standard
    "dossier-study-empty": E("研究文件要么有 data（结果文件），要么有 declared（声明的精密度），不能都有或都没有", "a study file has either `data`, a file of results, or `declared` precision, not both and not neither", "留下其中一个", "keep one of them"),
    "dossier-study-unit": E("研究的单位 {unit} 与性质「{property}」的单位 {wanted} 不是同一种量", "the unit {unit} of the study is not of the same quantity as {wanted}, that of `{property}`", "写该性质的单位，或换算得到的单位", "give a unit that converts to it"),
    "dossier-header-unit": E("列标题「{header}」写的单位是 {stated}，研究文件写的是 {unit}", "the header `{header}` says {stated}, the study file says {unit}", "改正两者之一", "correct one of them"),
    "dossier-study-many": E("{file} 中有几项研究：{names}", "{file} holds several studies: {names}", "一份研究文件只绑定一项；把它们分开", "one study file binds one study: put them into files of their own"),
    "dossier-study-unasked": W("标准 {standard} 不要求「{property}」，这项研究没有用到", "{standard} does not ask for `{property}`: the study is not used", "核对 property", "check `property`"),
    "dossier-study-twice": E("「{property}」按方法 {method} 有两项研究", "there are two studies of `{property}` by {method}", "只给一项，或写明不同的方法", "give one of them, or name their different methods"),
    "dossier-file-outside": E("研究文件只能用它旁边或下面的文件，「{file}」在别处", "a study file uses files beside or below it; `{file}` is elsewhere", "把文件放到研究文件旁边", "put the file beside the study file"),
    "dossier-declared": E("水平 {level} 的 s_R 应大于 0，且不小于 s_r", "s_R at level {level} is above 0 and not below s_r", "核对声明的精密度", "check the declared precision"),
    "dossier-relation": E("关系「{name}」不存在或在各水平处不成立；可用：{known}", "the relation `{name}` is unknown or does not hold at the levels; there are: {known}", "用其中一个，或不写", "use one of them, or leave it out"),
    "dossier-number": E("「{text}」不是这里可用的数", "`{text}` is no number that can be used here", "写大于 0 的十进制数", "write a decimal number above 0"),
    "dossier-mappings": E("有 {mappings} 份列对应，只有 {records} 份产品数据", "there are {mappings} mappings for {records} files of records", "每份产品数据至多一份，依次写", "give at most one for each file of records, in their order"),
    "dossier-population-large": E("{file} 中不同的记录多于 {limit} 条，逐条精确计数太久", "{file} has more than {limit} different records: counting each exactly takes too long", "抽取样本并说明如何抽取", "draw a sample, and say how"),
    "criteria-word": E("{key} 不能是「{word}」；可用：{known}", "{key} cannot be `{word}`; there are: {known}", "用其中一个", "use one of them"),
    "criteria-bound": E("规则「{id}」的界要写 least、most 之一或两者，或 is", "the bound of rule `{id}` is least, most or both, or `is`", "例如 pass: {{most: 0.05}}", "such as pass: {{most: 0.05}}"),
    "criteria-twice": E("判据中有两条规则叫「{id}」", "two rules are called `{id}`", "改一个名称", "rename one of them"),
}
