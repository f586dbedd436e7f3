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
    # signatures of reports
    "signature-altered": E("内容与签名时不同：签的是 sha256 {sha256}", "the content is not what was signed, which has the sha256 {sha256}", "向签名者要原来的文件", "ask whoever signed for the file as it was"),
    "signature-false": E("签名与签名文件所述不符：文件被改过，或不是这个密钥签的", "the signature does not belong to what the signature file says: the file was changed, or another key signed", "不要采信；向签名者要签名文件", "do not trust it; ask whoever signed for the file"),
    "signature-other-key": E("签名的密钥是 {found}，不是 {wanted}", "it is signed with the key {found}, not {wanted}", "核对应由谁签名", "check who was to sign"),
    "signature-key-open": W("没有给 --key：不知道密钥 {key} 是谁的", "without --key nothing is shown of whose key {key} is", "从签名者处另行取得公钥或密钥编号，用 --key 核对", "get the public key or its id from whoever signed, by another way, and give it as --key"),
    "signature-large": E("签名、密钥或孪生文件超过 {limit} 字节", "a signature, key or twin is larger than {limit} bytes", "核对给的是哪个文件", "check which file was given"),
    "signature-form": E("不是签名文件，或不是写出时的样子", "this is no signature file, or not as it was written", "用 guiju 写出的 .json.sig，一个字节也不改", "use the .json.sig that guiju wrote, every byte as it was"),
    "signature-field": E("签名文件的「{field}」缺失、多余或不成立", "`{field}` of the signature file is missing, unknown or cannot be", "用 guiju 写出的 .json.sig", "use the .json.sig that guiju wrote"),
    "signature-key": E("{file} 不是 Ed25519 私钥（PEM，PKCS #8）", "{file} is no private key of Ed25519 in PEM (PKCS #8)", "用 guiju verify key new 生成", "make one with guiju verify key new"),
    "signature-public": E("「{given}」不是 Ed25519 公钥的文件（PEM）、编号或 base64", "`{given}` is no public key of Ed25519: a PEM file, its id, or base64", "用 guiju verify key show 写出的", "use what guiju verify key show prints"),
    "signature-passphrase": E("{file} 有口令，{variable} 中没有或不对", "{file} has a passphrase, and {variable} has none or another", "在环境变量 {variable} 中给出口令", "give it in the environment variable {variable}"),
    "signature-passphrase-long": E("{variable} 中的口令超过 {limit} 字节", "the passphrase in {variable} is longer than {limit} bytes", "用短一些的", "use a shorter one"),
    "signature-name": E("签名者不能为空、超过 {limit} 个字或含不可见的字符", "the name of who signs is empty, longer than {limit} characters, or holds what cannot be seen", "写一行名称", "write a name on one line"),
    "signature-time": E("「{text}」不是精确到秒的时间", "`{text}` is no moment in whole seconds", "例如 2026-01-31T08:30:00Z", "such as 2026-01-31T08:30:00Z"),
    "signature-unsigned": E("给了 --signed-by 或 --signed-at，没有给 --sign", "there is --signed-by or --signed-at, and no --sign", "加上 --sign KEYFILE，或去掉它们", "add --sign KEYFILE, or leave them out"),
    "signature-out": E("签名要有报告：没有给 --out", "a signature lies beside a report: there is no --out", "加上 --out report.json", "add --out report.json"),
}
