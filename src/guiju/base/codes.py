"""The closed list of diagnostic codes, with message and help in Chinese and English.

`{name}` in a message is filled from the Diagnostic's facts. Every code has a page in docs/reference/diagnostics.md and a test that provokes
it; a test compares the three.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    severity: str
    zh: str
    en: str
    help_zh: str
    help_en: str


def E(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("ERROR", zh, en, help_zh, help_en)


def W(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("WARNING", zh, en, help_zh, help_en)


def N(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("NOTE", zh, en, help_zh, help_en)


CODES: dict[str, Code] = {
    # the file
    "file-unreadable": E("无法读取 {file}：{reason}", "cannot read {file}: {reason}", "检查路径和权限", "check the path and its permissions"),
    "file-not-utf8": E("{file} 不是 UTF-8 文本", "{file} is not UTF-8 text", "另存为 UTF-8 编码", "save it as UTF-8"),
    "file-too-large": E("{file} 超过 {limit} 个字符", "{file} is longer than {limit} characters", "拆成几份标准", "split it into several standards"),
    "yaml-syntax": E("YAML 语法错误：{reason}", "YAML syntax: {reason}", "含有 , { } [ ] : # % ' 的表达式请加引号",
                     "put quotes around an expression that holds , { } [ ] : # % or '"),
    "yaml-too-deep": E("嵌套超过 {limit} 层", "nested deeper than {limit} levels", "标准用不到这样深的嵌套", "no standard needs such nesting"),
    "yaml-feature": E("不使用 YAML 的锚点、别名、标签和多文档：{feature}", "YAML anchors, aliases, tags and several documents are not used here: {feature}",
                      "把内容直接写出来", "write the content out"),
    "document-empty": E("文件没有内容", "the file holds nothing", "可从已有标准的文件夹复制一份开始", "start from a copy of a standard on the shelf"),
    "format-version": E("格式版本「{found}」未知", "format version `{found}` is not known", "写 `guiju: 1`", "write `guiju: 1`"),
    # the shape
    "key-not-text": E("键必须是一个文本", "a key must be a single text", "检查冒号与缩进", "check the colon and the indentation"),
    "duplicate-key": E("键「{key}」出现了两次", "the key `{key}` is written twice", "删去或改名其中一个", "remove or rename one of them"),
    "unknown-key": E("{within} 中没有「{key}」这个键", "{within} has no key `{key}`", "检查拼写", "check the spelling"),
    "missing-key": E("{within} 缺少必需的键「{key}」", "{within} lacks the key `{key}`", "补上「{key}:」", "add `{key}:`"),
    "empty-value": E("这里没有值", "there is no value here", "写上值，或删去这个键", "write a value, or remove the key"),
    "kind-mismatch": E("这里应是{expected_zh}", "{expected_en} is expected here", "检查缩进", "check the indentation"),
    "one-of-keys": E("这些键恰须写一个：{keys}", "exactly one of these keys is needed: {keys}", "只保留一个", "keep just one"),
    "key-of-another-kind": E("{kind} 表的行不用「{key}」", "a row of a {kind} table has no `{key}`", "这种表用：{allowed}", "this kind of table uses: {allowed}"),
    "not-a-name": E("「{name}」不能作名称", "`{name}` cannot be a name", "名称由字母、汉字、数字和下划线组成，不以数字开头", "a name has letters, digits and underscores, and starts with a letter"),
    "unknown-word": E("「{word}」不在可用的词中：{known}", "`{word}` is not one of: {known}", "改用其中一个", "use one of them"),
    "not-a-date": E("「{text}」不是日期", "`{text}` is not a date", "写成 2026-01-31", "write it as 2026-01-31"),
    "not-a-number": E("「{text}」不是数", "`{text}` is not a number", "写成 13.8 这样的十进制数", "write a decimal number such as 13.8"),
    "dates-not-rising": E("日期 {later} 不晚于前一个 {earlier}", "the date {later} is not later than {earlier} before it", "按日期先后排列", "put the values in order of date"),
    "no-source": E("「{what}」没有出处", "`{what}` names no source", "写上 `source:`，指向 sources 中的一项", "write `source:` with an entry of sources"),
    "unknown-source": E("sources 中没有「{id}」", "sources has no entry `{id}`", "补上这个出处", "add that source"),
    "unknown-property": E("词典中没有性质「{id}」", "the dictionary has no property `{id}`", "在 properties/ 中定义它", "define it under properties/"),
    "duplicate-property": E("性质「{id}」已有定义", "the property `{id}` is defined already", "只保留一处定义", "keep one definition"),
    "not-a-number-input": E("输入「{name}」是 {kind}，不用单位、小数位和范围", "the input `{name}` is a {kind}: it has no unit, decimals or range",
                            "删去 unit、decimals、min、max", "remove unit, decimals, min and max"),
    "category-without-values": E("类别输入「{name}」没有列出取值", "the category input `{name}` lists no values", "写上 `values: [...]`", "write `values: [...]`"),
    "range-empty": E("最小值 {low} 不小于最大值 {high}", "the least value {low} is not below the greatest {high}", "检查 min 与 max", "check min and max"),
    "levels-not-in-order": E("等级应依次为 1、2、3……，这里是「{found}」，应为「{expected}」", "levels are numbered 1, 2, 3 …; found `{found}`, expected `{expected}`",
                             "最好的等级为 1", "the best level is 1"),
    "levels-not-rising": E("「{name}」的等级界限不按优劣排列：{better} 之后是 {worse}", "the limits of `{name}` do not go from best to worst: {worse} after {better}",
                           "检查 better 与各级界限", "check `better` and the limits"),
    "grade-without-when": E("等级「{grade}」没有条件，其后的等级永远到不了", "the grade `{grade}` has no condition, so those after it are never reached",
                            "只有最后一个等级可以没有 when", "only the last grade may be without `when`"),
    "table-empty": E("表「{name}」没有行", "the table `{name}` has no rows", "写上至少一行", "write at least one row"),
    # expressions
    "expression-too-long": E("表达式超过 {limit} 个字符", "the expression is longer than {limit} characters", "拆成几个公式", "split it into formulas"),
    "expression-too-deep": E("表达式嵌套或串接超过 {limit} 层", "the expression is nested or chained deeper than {limit}", "拆成几个公式", "split it into formulas"),
    "expression-ends-early": E("表达式没有写完", "the expression ends too early", "补全它", "complete it"),
    "unexpected-symbol": E("这里不应出现「{found}」", "`{found}` is not expected here", "检查运算符、括号和引号", "check operators, brackets and quotes"),
    "unknown-unit": E("单位「{unit}」有问题：{reason_zh}", "unit `{unit}`: {reason_en}", "单位表见文档 units", "the units are listed in the reference"),
    "unit-or-name": E("「{text}」既是单位又是这里的名称", "`{text}` is both a unit and a name here", "乘号请写出「*」，单位请写进方括号「[{text}]」",
                      "write `*` to multiply, or put the unit in brackets: `[{text}]`"),
    # meaning
    "unknown-name": E("没有名为「{name}」的东西", "nothing is named `{name}`", "检查拼写，或先定义它", "check the spelling, or define it"),
    "unknown-function": E("没有函数「{name}」", "there is no function `{name}`", "函数表见文档 functions", "the functions are listed in the reference"),
    "unknown-clause": E("没有条款「{no}」", "there is no clause `{no}`", "检查条款号", "check the clause number"),
    "unknown-indicator": E("没有指标「{name}」", "there is no indicator `{name}`", "写指标的 name", "write the indicator's name"),
    "unknown-category": E("「{word}」不是它的取值：{known}", "`{word}` is not one of its values: {known}", "改用其中一个", "use one of them"),
    "unknown-standard": E("书架上没有标准「{number}」", "the shelf has no standard `{number}`", "用 `guiju list` 看有哪些标准", "`guiju list` shows what there is"),
    "no-such-indicators": E("没有「{kind}」类指标", "there are no `{kind}` indicators", "指标类别：basic、core、innovative", "kinds: basic, core, innovative"),
    "points-missing": E("得分「{name}」缺少这些等级的分值：{levels}", "the score `{name}` has no points for: {levels}", "在 points 中补上", "add them to points"),
    "name-taken": E("名称「{name}」第 {line} 行已用过", "the name `{name}` is taken on line {line}", "换一个名称", "choose another name"),
    "name-reserved": E("「{name}」是保留词", "`{name}` is a word of the language", "换一个名称", "choose another name"),
    "cycle": E("循环定义：{path}", "defined in a circle: {path}", "断开其中一环", "break the circle"),
    "type-mismatch": E("这里要{wanted_zh}，却是{found_zh}", "{wanted_en} is needed here, this is {found_en}", "检查表达式", "check the expression"),
    "not-a-condition": E("这里要一个条件（成立或不成立）", "a condition is needed here, something true or false", "写一个比较，例如「a <= b」", "write a comparison such as `a <= b`"),
    "unit-mismatch": E("量纲不同：{left} 与 {right} 不能比较、相加或换算", "{left} and {right} cannot be compared, added or converted", "检查单位", "check the units"),
    "bare-number": E("纯数 {number} 与以 {unit} 计的量相比", "the bare number {number} meets a quantity in {unit}", "写出单位：「{number} {unit}」", "write its unit: `{number} {unit}`"),
    "basis-mismatch": E("试验循环或计量点不同：{left} 与 {right}", "different test cycle or metering point: {left} and {right}",
                        "不同循环的数值不能直接比较", "values of different cycles cannot be compared"),
    "division-by-zero": E("除以零", "division by zero", "检查除数", "check the divisor"),
    "rounding-interval": E("修约间隔应是与被修约的量同单位的正数", "the rounding interval must be a positive number in the unit of what is rounded", "例如「0.1 kWh/100km」", "such as `0.1 kWh/100km`"),
    "successive-rounding": E("不得连续修约", "a rounded value must not be rounded again", "从未修约的值一次修约到位", "round once, from the value not yet rounded"),
    "rounded-constant": E("修约值比较法要修约的是测得值，这里却是常数", "rounded-value comparison rounds the measured side, and this is a constant",
                          "把测得值写在左边", "write the measured value on the left"),
    "exponent": E("指数应是 0 到 6 的整数", "an exponent must be a whole number from 0 to 6", "例如「x ^ 2」", "such as `x ^ 2`"),
    "count-not-whole": E("个数应是一个整数", "the count must be a whole number", "例如「atleast(2, …)」", "such as `atleast(2, …)`"),
    "argument-count": E("应写作 {form}，这里有 {found} 个参数", "write it as {form}; {found} arguments are given", "检查括号内的参数", "check the arguments"),
    "unbound-input": E("{standard} 的这一内容需要：{properties}；本标准没有这样的输入", "this part of {standard} needs {properties}, which this standard has no input for",
                       "加上 `is:` 为该性质的输入", "add an input with that property"),
    "table-of-wrong-kind": E("表「{name}」不能是 {kind} 表", "the table `{name}` cannot be a {kind} table", "step、interpolate 用数，map 用类别；插值表的点须是常数",
                             "step and interpolate take a number, map a category; points of interpolation are constants"),
    "table-row-open": E("表「{name}」只有最后一行可以没有上端，上下端须是常数", "only the last row of the table `{name}` may be open, and ends must be constants",
                        "写上 `upto:` 或 `below:`", "write `upto:` or `below:`"),
    "table-not-rising": E("表「{name}」各行不递增：{before} 之后是 {after}", "the rows of the table `{name}` do not rise: {after} after {before}", "按从小到大排列", "put them in rising order"),
    "table-gap": E("表「{name}」有空缺：{end} 与 {start} 之间没有行", "the table `{name}` has a gap: no row between {end} and {start}", "补上缺的行", "add the missing row"),
    "table-overlap": E("表「{name}」的行重叠：{end} 与 {start}", "rows of the table `{name}` overlap: {end} and {start}", "改正上下端", "correct the ends"),
    "table-no-jump": E("表「{name}」声明在 {at} 处不相接，其实两段都是 {value}", "the table `{name}` declares a jump at {at}, but both pieces give {value}",
                       "从 jumps 中删去", "remove it from jumps"),
    "table-no-bound": E("表「{name}」的 jumps 提到的地方不是任何一段的端点", "jumps of the table `{name}` names a place where no piece ends", "检查 jumps", "check jumps"),
    "no-requirement": E("没有任何必须满足的条款（shall）", "there is no clause with `shall`", "至少写一条 shall 条款", "write at least one"),
    # warnings
    "table-jump": W("表「{name}」的两段在 {at} 处不相接：{left} 与 {right}", "pieces of the table `{name}` do not meet at {at}: {left} and {right}",
                    "若原文如此，写入 `jumps:`；否则检查系数或修约", "if the text is so, list it under `jumps:`; else check coefficients or rounding"),
    "unused-input": W("输入「{name}」没有用到", "the input `{name}` is not used", "删去它，或用上它", "remove it, or use it"),
    "unused-parameter": W("参数「{name}」没有用到", "the parameter `{name}` is not used", "删去它，或用上它", "remove it, or use it"),
    "unused-table": W("表「{name}」没有用到", "the table `{name}` is not used", "删去它，或用上它", "remove it, or use it"),
    "unused-use": W("引用「{alias}」没有用到", "the use `{alias}` is not used", "删去它", "remove it"),
    "reference-replaced": W("引用的 {target} 已于 {since} 被 {by} 代替", "the cited {target} was replaced by {by} on {since}", "核对是否仍应引用该版本", "see whether that edition is still meant"),
    # notes
    "comparison-not-proved": N("未能证明这处比较在双精度下总是正确；边界附近的记录会精确重算", "this comparison is not proved exact in doubles; records near it are re-evaluated exactly",
                               "声明更少的小数位或更窄的范围，就可能证明", "fewer decimals or a narrower range may make it provable"),
    # a record at the door
    "unknown-input": E("记录中的「{name}」不是本标准的输入", "`{name}` in the record is not an input of the standard", "用 `guiju show` 看输入", "`guiju show` lists the inputs"),
    "input-not-a-number": E("「{name}」的值「{value}」不是数", "the value `{value}` of `{name}` is not a number", "写成 13.8 或 13.8 kWh/100km", "write 13.8 or 13.8 kWh/100km"),
    "input-not-a-date": E("「{name}」的值「{value}」不是日期", "the value `{value}` of `{name}` is not a date", "写成 2026-01-31", "write it as 2026-01-31"),
    "input-not-a-boolean": E("「{name}」的值「{value}」不是“是/否”", "the value `{value}` of `{name}` is not yes or no", "写 true、false、是、否", "write true, false, yes or no"),
    "input-not-a-category": E("「{name}」的值「{value}」不是它的取值：{known}", "the value `{value}` of `{name}` is not one of: {known}", "改用其中一个", "use one of them"),
    "input-too-fine": E("「{name}」的值 {value} 比声明的 {decimals} 位小数更细", "the value {value} of `{name}` is finer than its declared {decimals} decimals",
                        "先按 GB/T 8170 修约到声明的位数，或核对单位", "round it by GB/T 8170 to the declared decimals first, or check the unit"),
    "input-out-of-range": E("「{name}」的值 {value} 超出声明的范围 [{low}, {high}]", "the value {value} of `{name}` is outside its declared range [{low}, {high}]",
                            "核对数值和单位", "check the value and its unit"),
    "input-unit": E("「{name}」的值「{value}」单位不对：{reason_zh}", "the unit of `{value}` for `{name}` is wrong: {reason_en}", "换算到声明的单位", "convert it to the declared unit"),
    # examples
    "example-fails": E("算例「{name}」中「{what}」应为 {expected}，实为 {found}", "in the example `{name}`, `{what}` should be {expected} but is {found}",
                       "改正标准或算例", "correct the standard or the example"),
    "example-unknown-name": E("算例「{name}」提到的「{what}」不存在", "the example `{name}` mentions `{what}`, which does not exist", "检查拼写", "check the spelling"),
    "example-bad-value": E("算例「{name}」的「{what}」取值「{value}」不可用：{reason_zh}", "in the example `{name}` the value `{value}` of `{what}` cannot be used: {reason_en}",
                           "改正算例的取值", "correct the example's value"),
    "examples-missing": E("没有算例", "there are no examples", "在同一文件夹写 examples.yaml", "write examples.yaml in the same folder"),
    "examples-incomplete": E("缺少这样的算例：{kinds_zh}", "an example is missing that is: {kinds_en}", "补上它", "add one"),
}
