"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code, E, N, W

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    "library-empty": E("{file} 中没有标准库的表", "{file} holds no table of a library", "工作表或文件叫 企业、标准、产品、证据（enterprises、standards、products、evidence）", "call sheets or files enterprises, standards, products, evidence (企业、标准、产品、证据)"),
    "library-table-missing": E("{file} 中没有“{zh}”表", "{file} has no table of {en}", "补上这张表；只有证据可以没有", "add it; only evidence may be left out"),
    "library-table-twice": E("“{zh}”表有两张：{first}、{second}", "there are two tables of {en}: {first}, {second}", "合成一张", "put them together"),
    "library-table-unknown": N("不知道「{name}」是什么表，没有读", "`{name}` is no table of a library, and was not read", "", ""),
    "library-column-missing": E("“{zh}”表没有「{column}」（{name}）一列；有：{found}", "the table of {en} has no column {name} ({column}); it has: {found}", "补上这一列", "add the column"),
    "library-column-twice": E("“{zh}”表有几列都像「{column}」（{name}）：{columns}", "the table of {en} has several columns for {name} ({column}): {columns}", "只留一列", "keep one of them"),
    "library-column-unknown": N("不知道产品表的「{column}」一列是哪个性质，只保留、不使用", "the column `{column}` of the products names no property: it is kept, and not used", "换成性质的标题，或用 --mapping 说明", "use a title of the property, or say so by --mapping"),
    "library-property-twice": W("「{column}」也是性质 {id}，已有一列，没有使用", "`{column}` holds {id} too, which another column has: it is not used", "只留一列，或用 --mapping 说明用哪一列", "keep one column, or say which by --mapping"),
    "library-key-missing": E("“{zh}”表第 {row} 行没有「{column}」", "row {row} of the table of {en} has no {name} ({column})", "每行都要有", "every row has one"),
    "library-key-repeated": E("“{zh}”表的「{key}」出现了 {times} 次，首次在第 {row} 行", "`{key}` stands {times} times in the table of {en}, first in row {row}", "同一个编号只写一行", "write one row for each"),
    "library-reference-unknown": E("“{zh}”表第 {row} 行「{column}」的「{key}」不在“{of_zh}”表中", "row {row} of the table of {en}, {name}: `{key}` is not in the table of {of_en}", "补上它，或改正编号", "add it, or correct the code"),
    "library-standard-of-other": E("产品表第 {row} 行的标准 {key} 是企业 {owner} 声明的，不是 {enterprise}", "row {row} of the products: {key} is declared by {owner}, not by {enterprise}", "产品只能执行自己企业声明的标准", "a product implements a standard of its own enterprise"),
    "library-standard-dead": W("产品表第 {row} 行执行的标准 {key} 不是现行的（{status}）", "row {row} of the products implements {key}, which is not current ({status})", "改为现行版本，否则不参评", "name the current edition; it is not evaluated otherwise"),
    "library-code-check": E("企业表第 {row} 行的「{key}」不是统一社会信用代码：字符或校验码不对", "row {row} of the enterprises: `{key}` is no unified social credit code: its characters or check character are wrong", "按营业执照改正（GB 32100）", "correct it by the business licence (GB 32100)"),
    "library-code-own": N("{count} 家企业的代码不是 18 位，当作自有编号（首处：第 {row} 行「{key}」）", "{count} enterprises have codes that are not 18 characters long: taken as identifiers of their own (first: row {row}, `{key}`)", "", ""),
    "library-status-missing": E("标准表第 {row} 行没有可用的状态：{text}", "row {row} of the standards has no usable status: {text}", "写 现行、被代替 或 废止", "write current, superseded or withdrawn"),
    "library-editions-current": E("标准 {key} 有 {times} 个现行版本：{editions}", "{key} has {times} current editions: {editions}", "只留一个现行", "keep one of them current"),
    "library-superseded-by": W("标准表第 {row} 行（{key}，{status}）的代替标准「{text}」不成立", "row {row} of the standards ({key}, {status}): superseded by `{text}` does not hold", "被代替的写明代替它的标准，现行的不写", "say of a superseded standard which one replaced it, and of a current one nothing"),
    "library-standard-form": W("标准表第 {row} 行的编号「{key}」不是企业标准的形式 Q/…", "row {row} of the standards: `{key}` is not a number of the form Q/…", "例如 Q/ABC 001-2025", "such as Q/ABC 001-2025"),
    "library-edition-missing": W("标准表第 {row} 行的 {key} 没有版本", "row {row} of the standards: {key} has no edition", "写年份，例如 2025", "give its year, such as 2025"),
    "library-methods": W("标准表第 {row} 行的试验方法「{text}」读不懂", "row {row} of the standards: the method `{text}` cannot be read", "写 性质=方法标准号，用分号隔开", "write property=number of the method, with semicolons between"),
    "library-lookalike": W("名称看上去一样，却不是同一个：{names}（{zh}）", "names that look alike and are not the same: {names} ({en})", "核对是否冒用、误写", "check for typing errors and imitation"),
    "library-odd-name": W("名称「{name}」含有看不见的字符，或混用了不同文字的字母（{zh}）", "the name `{name}` holds characters that cannot be seen, or letters of several scripts ({en})", "重新输入", "type it anew"),
    "library-evidence-property": W("证据表第 {row} 行的性质「{text}」不认识", "row {row} of the evidence: `{text}` names no property", "用性质的编号或标题", "use the id or a title of the property"),
    "library-evidence-undeclared": N("证据表第 {row} 行：产品没有声明 {property}", "row {row} of the evidence: the product declares no {property}", "", ""),
    "library-evidence-unit": W("证据表第 {row} 行的单位「{text}」不能换算成 {property} 的 {unit}", "row {row} of the evidence: `{text}` does not convert to {unit}, the unit of {property}", "写能换算的单位", "give a unit that converts"),
    "library-evidence-blank": W("证据表第 {row} 行没有「{column}」", "row {row} of the evidence has no {name} ({column})", "补上实验室和报告编号", "add the laboratory and the number of its report"),
    "library-evidence-uncertainty": N("{count} 行证据没有不确定度，不与声明值比较（首处：第 {row} 行）", "{count} rows of the evidence have no uncertainty: they are not compared with what is declared (first: row {row})", "", ""),
    "library-evidence-contradicts": W("证据表第 {row} 行：产品 {key} 的 {property} 声明 {declared}，测得 {measured} ± {allowed} {unit}（k = {k}）：{said_zh}", "row {row} of the evidence: {key} declares {property} {declared}, measured {measured} ± {allowed} {unit} (k = {k}): {said_en}", "核对声明值与报告", "check the declared value and the report"),
    "library-more": N("{kind} 共 {count} 处，只列出 {shown} 处", "{kind}: {count} in all, {shown} of them listed", "", ""),
    "library-illustrative": N("{count} 个标准是示意的：编造的，或代替没有见到的标准", "{count} standards are illustrative: made up, or put in place of some that were not seen", "", ""),
    "library-refused": E("标准库有 {count} 处错误，没有导入", "the library has {count} errors and was not imported", "见上；改正后再导入", "see above; correct them and import again"),
    "library-unknown": E("没有标准库「{name}」", "there is no library `{name}`", "guiju frontrunner library 列出所有", "guiju frontrunner library lists them"),
    "library-revision": E("标准库「{name}」没有第 {revision} 版，最新是第 {newest} 版", "the library `{name}` has no revision {revision}; the newest is {newest}", "", ""),
    "library-name": E("标准库的名称要有 1 至 {limit} 个可见的字", "the name of a library has 1 to {limit} characters that can be seen", "", ""),
    "library-not-own": E("“{zh}”表第 {row} 行属于企业 {enterprise}，只能导入自己企业的：{own}", "row {row} of the table of {en} belongs to {enterprise}; you may import only your own: {own}", "只留自己企业的行", "keep the rows of your enterprise"),
    "library-no-enterprise": E("没有为本组织登记企业代码，不能导入", "no enterprise is registered for your organisation: nothing can be imported", "请运营方登记：guiju frontrunner library --enterprise", "ask the operator to register it: guiju frontrunner library --enterprise"),
    "library-merge": E("性质 {id} 在标准库中是「{held}」，导入的是「{brought}」，不能并入", "{id} is `{held}` in the library and `{brought}` in the import: they cannot be put together", "换成标准库所用的单位和取值", "use the unit and the words of the library"),
    "library-out": E("{file} 已存在", "{file} exists already", "换一个位置，或先移走它", "write elsewhere, or move it away first"),
    "form-not-current": E("{key} 不是现行标准（{status}）", "{key} is not current ({status})", "只有现行标准可以参评", "only current standards are evaluated"),
    "form-not-published": E("{key} 到 {on} 没有公布（{published}）", "{key} is not published by {on} ({published})", "先公开声明，写明公布日期", "publish it first, and give the date"),
    "form-reference-dead": E("{key} 引用的 {reference} 已失效：{since} 起由 {by} 代替或不再现行", "{key} cites {reference}, which is dead: replaced by {by} or no longer current since {since}", "改引现行版本", "cite the current edition"),
    "form-reference-replaced": W("{key} 引用的 {reference} 已有 {by}，何时代替不知道", "{key} cites {reference}; there is {by}, and when it replaced that is not known", "核对是否仍可引用", "check whether it may still be cited"),
    "form-reference-missing": E("{key} 没有引用 {number}（同号的：{found}）", "{key} does not cite {number} (of that number: {found})", "补上规范性引用", "add the normative reference"),
    "form-method-missing": E("{key} 没有写明 {property} 的试验方法（可用：{accepted}）", "{key} names no test method for {property} (accepted: {accepted})", "写明方法标准号", "name the number of the method"),
    "form-method-other": E("{key} 的 {property} 按 {method} 试验，可用的是 {accepted}", "{key} measures {property} by {method}; accepted: {accepted}", "改用可用的方法", "use one that is accepted"),
    "library-archive": E("{file} 打不开：{reason}", "{file} cannot be unpacked: {reason}", "重新打包", "pack it anew"),
    "library-members": E("{file} 有 {found} 个文件，超过 {limit}", "{file} holds {found} files, more than {limit}", "只打包标准库的表", "pack the tables only"),
    # boards and the overall comparison
    # authoring and effect
    # credentials
    # cycles and certificates
    # the zone: claims, badges, feeds
}
