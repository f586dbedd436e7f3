"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code, E, N, W

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    # boards and the overall comparison
    # authoring and effect
    "authoring-indicator": E("{standard} 没有指标「{name}」；有：{known}", "{standard} has no indicator `{name}`; it has: {known}", "用其中一个的名称或条号", "use the name or number of one of them"),
    "authoring-not-number": E("指标「{name}」的值不是数", "the value of the indicator `{name}` is no number", "选数值指标", "choose an indicator whose value is a number"),
    "authoring-column": E("{file} 没有「{column}」一列", "{file} has no column `{column}`", "写表头里有的名字", "name a header of the table"),
    "authoring-cell": W("「{column}」一列有 {count} 格读不出，按没有处理；第一个在第 {row} 行：{text}", "{count} cells of `{column}` cannot be read and count as empty; the first is in row {row}: {text}", "价格与销量写非负数，日期写 2026-01-31", "prices and sales are numbers not below 0, dates such as 2026-01-31"),
    "authoring-too-many": E("不同的记录有 {found} 条，精确计算至多 {most} 条", "there are {found} different records, at most {most} are evaluated exactly", "先用 `guiju rank` 取界限，或只取一个可比范围", "take the thresholds with `guiju rank`, or one comparable range"),
    "authoring-few": E("不同的值只有 {found} 个，至少要 {needs} 个", "there are {found} different values, {needs} are needed at least", "用更大的总体，或更少的等级", "use a larger population, or fewer levels"),
    "authoring-shares": E("份额不合用：{text}", "the shares cannot be used: {text}", "写从小到大、大于 0 而不超过 100 % 的份额，如 10,40,80", "give rising shares above 0 and at most 100 %, such as 10,40,80"),
    "authoring-values": E("等级要有 1 至 {most} 个", "there must be 1 to {most} levels", "从最好的一级写起，逐级给出", "give them from the best level on"),
    "authoring-amount": E("{what} 的「{text}」不是以 {unit} 一类单位写的量", "`{text}` of {what} is no amount in a unit such as {unit}", "写数，或数加单位", "give a number, or a number with its unit"),
    "authoring-no-sales": E("没有销量，不能按市场份额定界限", "no sales are given: thresholds cannot be set by market shares", "指明销量一列，或改用 quantiles", "name the column of sales, or use quantiles"),
    "authoring-national": E("{standard} 的条款「{clause}」不是对这个量（{unit}）在这一侧的一个限值，或对这些产品都没有限值", "clause `{clause}` of {standard} is not a single limit on such a quantity ({unit}) to this side, or sets none to these products", "写有一个比较的条款，或直接写限值", "name a clause that is one comparison, or give the limit as a value"),
    "authoring-looser": E("{level} 级的 {value} 比国家限值 {national} 宽", "level {level}, {value}, is looser than the national limit {national}", "收紧到限值以内", "bring it within the limit"),
    "authoring-held": W("{level} 级推得 {value}，比国家限值 {national} 宽，改取限值", "level {level} came out as {value}, looser than the national limit {national}, which takes its place", "最低一级不得低于国家标准", "the lowest level must not be below the national standard"),
    "authoring-no-national": N("没有给国家限值，没有核对最低一级", "no national limit was given, the lowest level was not held to one", "用 --national 写限值，或「条款 of 标准」", "give it with --national, as a value or as `CLAUSE of STANDARD`"),
    "authoring-meet": E("{better} 级的 {value} 与 {worse} 级的 {other} 不是一级比一级宽", "level {better}, {value}, and level {worse}, {other}, do not get looser from one to the next", "少修约几位，减少等级，或换方法", "round less, use fewer levels, or another method"),
    "authoring-narrow": E("相邻两级之间窄于再现性限 R = {R}：{steps}；测量分不开这样的两级", "steps between levels are narrower than the reproducibility limit R = {R}: {steps}; measuring cannot tell such levels apart", "放宽间隔，或减少等级", "widen the steps, or use fewer levels"),
    "authoring-precision": E("{file} 不是 `guiju verify precision --json` 的输出", "{file} is not what `guiju verify precision --json` prints", "用它的 JSON，或用 --R 直接写 R", "use its JSON, or give R with --R"),
    "authoring-not-constant": E("指标「{name}」现有的界限不是常数，不能逐个替换", "the levels of `{name}` are no constants and cannot be replaced one by one", "写成新文件（--number），或直接改标准的文字", "write a new file (--number), or change the text of the standard"),
    "authoring-levels-differ": E("「{name}」有 {held} 级，建议有 {found} 级；只能逐级替换", "`{name}` has {held} levels, the proposal has {found}; they are replaced one by one", "提出同样多的等级", "propose as many levels"),
    "authoring-not-clean": E("写出的草案检查不过：{reason}", "the draft does not check: {reason}", "按所说改标准或建议", "change the standard or the proposal as told"),
    "authoring-no-record": W("没有造出恰在 {level} 级界限上的记录，草案没有它的算例", "no record exactly at level {level} was found, the draft has no example of it", "自己补一个算例", "add one by hand"),
    "effect-few": E("{what_zh}只有 {found}，至少要 {needs}", "{what_en}: {found}, at least {needs} are needed", "用更多的数据；这么少说明不了什么", "use more data; so few say nothing"),
    "effect-undated": W("{count} 个产品没有日期，不计入随时间的变化", "{count} products have no date and are not in what is told over time", "补上上市日期", "give the day they came on sale"),
    "effect-no-dates": E("没有一个产品有日期", "no product has a date", "用 --on-sale 指明上市日期一列", "name the column of dates with --on-sale"),
    "effect-two": E("要比较，至少给两份", "a comparison needs two at least", "逐份写出", "give each of them"),
    # credentials
    # cycles and certificates
    # the zone: claims, badges, feeds
}
