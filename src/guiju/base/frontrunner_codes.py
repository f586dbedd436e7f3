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
    "library-archive": E("{file} 打不开：{reason}", "{file} cannot be unpacked: {reason}", "重新打包", "pack it anew"),
    "library-members": E("{file} 有 {found} 个文件，超过 {limit}", "{file} holds {found} files, more than {limit}", "只打包标准库的表", "pack the tables only"),
    # boards and the overall comparison
    # authoring and effect
    # credentials
    # cycles and certificates
    # the zone: claims, badges, feeds
}
