"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code, E

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    # boards and the overall comparison
    # authoring and effect
    # credentials
    "credential-large": E("{what_zh}超过 {limit} 字节", "the {what_en} is larger than {limit} bytes", "核对文件", "check the file"),
    "credential-depth": E("{what_zh}的嵌套超过 {limit} 层", "the {what_en} is nested deeper than {limit}", "核对文件", "check the file"),
    "credential-json": E("{what_zh}不是一个 JSON 对象", "the {what_en} is not a JSON object", "取原文件，UTF-8 编码", "take the original file, in UTF-8"),
    "credential-twice": E("{what_zh}里字段「{field}」出现两次", "the {what_en} has the field `{field}` twice", "取原文件", "take the original file"),
    "credential-number": E("{what_zh}里的数 {value} 超出双精度所能表示", "the {what_en} has a number that a double does not hold: {value}", "取原文件；数值写成文字", "take the original file; values are written as text"),
    "credential-text": E("{what_zh}里有不成字的半个字符：{value}", "the {what_en} has half of a character: {value}", "取原文件", "take the original file"),
    "credential-field": E("{what_zh}的字段 {field} 缺失、多余或不合格式", "the field {field} of the {what_en} is missing, unknown or malformed", "取原文件；签发时按证书的字段写", "take the original file; when issuing, keep to the fields of a certificate"),
    "credential-context": E("证书的术语文件不是其颁发者的：应为 {wanted}，并带其摘要", "the terms of the certificate are not its issuer's: {wanted} with its digest is wanted", "取原文件", "take the original file"),
    "credential-proof": E("{what_zh}的证明缺失，或字段 {field} 不合格式", "the proof of the {what_en} is missing, or its field {field} is malformed", "要 DataIntegrityProof，eddsa-jcs-2022，一个", "one DataIntegrityProof of eddsa-jcs-2022 is wanted"),
    "credential-purpose": E("{what_zh}的证明不是为 assertionMethod 作的", "the proof of the {what_en} was not made for assertionMethod", "取原文件", "take the original file"),
    "credential-base58": E("{what_zh}的签名值不是规范的 base58btc（64 字节）", "the signature of the {what_en} is not canonical base58btc of 64 bytes", "取原文件", "take the original file"),
    "credential-false": E("{what_zh}的签名与内容不符", "the signature of the {what_en} does not hold", "内容或签名被改过，或不是这把钥匙签的", "the content or the signature was changed, or another key signed"),
    "credential-issuer": E("颁发者「{did}」不是可用的 did:web", "the issuer `{did}` is not a did:web that can be used", "写成 did:web:域名，小写字母、数字、-", "write did:web:domain in small letters, digits, -"),
    "credential-deceptive": E("{what_zh}的颁发者「{did}」形近他人：{odd}", "the issuer `{did}` of the {what_en} is made to look like another: {odd}", "不要采信；核对域名的每个字符", "do not trust it; check every character of the domain"),
    "credential-no-document": E("没有颁发者 {did} 的 DID 文档", "there is no DID document of the issuer {did}", "用 `--did` 给出它的文档", "give its document with `--did`"),
    "credential-did": E("DID 文档不是 {did} 的，或不合格式", "the DID document is not that of {did}, or is malformed", "从颁发者的域名取", "take it from the issuer's domain"),
    "credential-controller": E("钥匙 {method} 不归 {did}", "the key {method} is not under the control of {did}", "不要采信", "do not trust it"),
    "credential-key": E("{did} 的 DID 文档里没有钥匙 {method}", "the DID document of {did} has no key {method}", "取颁发者现在的文档", "take the issuer's document of now"),
    "credential-key-purpose": E("钥匙 {method} 不可用于 {purpose}", "the key {method} is not for {purpose}", "不要采信", "do not trust it"),
    "credential-key-retired": E("钥匙 {method} 已于 {date} 退役，签名在其后", "the key {method} was retired at {date}; the signature is later", "由颁发者用现用钥匙重签", "the issuer signs again with a key in use"),
    "credential-key-revoked": E("钥匙 {method} 已于 {date} 被撤销（视为失密），它的签名都不作数", "the key {method} was revoked at {date} as compromised; nothing it signed counts", "由颁发者用另一把钥匙重新签发", "the issuer issues anew with another key"),
    "credential-signer": E("签名的钥匙不在 {did} 的钥匙里", "the signing key is not one of those of {did}", "在颁发者文件里登记它的公钥", "enter its public key in the issuer file"),
    "credential-signed-later": E("{what_zh}的签名时间 {date} 晚于所问时刻 {at}", "the {what_en} was signed at {date}, after the moment asked for, {at}", "核对时刻", "check the moment"),
    "credential-early": E("{what_zh}自 {date} 起有效，所问时刻是 {at}", "the {what_en} is valid from {date}; the moment asked for is {at}", "核对时刻", "check the moment"),
    "credential-late": E("{what_zh}有效至 {date}，所问时刻是 {at}", "the {what_en} was valid until {date}; the moment asked for is {at}", "取新的", "take a newer one"),
    "credential-period": E("有效期止 {last} 不在有效期起 {first} 之后", "the end of validity {last} is not after its start {first}", "改正日期", "correct the dates"),
    "credential-no-list": E("没有状态表 {list}", "there is no status list {list}", "用 `--status` 给出", "give it with `--status`"),
    "credential-list-form": E("状态表 {list} 不合格式", "the status list {list} is malformed", "从颁发者取", "take it from the issuer"),
    "credential-list-issuer": E("状态表 {list} 是 {found} 的，不是 {wanted} 的", "the status list {list} is of {found}, not of {wanted}", "从颁发者取", "take it from the issuer"),
    "credential-list-purpose": E("状态表 {list} 不是为「{purpose}」作的", "the status list {list} is not for `{purpose}`", "从颁发者取", "take it from the issuer"),
    "credential-list-index": E("状态表 {list} 只有 {size} 位，没有第 {index} 位", "the status list {list} has {size} bits and no bit {index}", "从颁发者取", "take it from the issuer"),
    "credential-list-size": E("状态表不能是 {size} 位", "a status list cannot have {size} bits", "{least} 到 {most} 之间，8 的倍数", "{least} to {most}, a multiple of 8"),
    "credential-list-full": E("状态表的 {size} 位都已分配", "all {size} bits of the status list are taken", "新开一张", "begin a new one"),
    "credential-withdrawn": E("证书已被撤销（{list}）", "the certificate was withdrawn ({list})", "它不再有效", "it is no longer valid"),
    "credential-suspended": E("证书被暂停（{list}）", "the certificate is suspended ({list})", "暂停期间不得使用", "it must not be used while suspended"),
    "issuer-twice": E("「{name}」出现两次", "`{name}` is there twice", "每个颁发者、每把钥匙只写一次，名称与公钥都不重复", "an issuer and a key is written once; neither name nor public key repeats"),
    "issuer-unknown": E("没有颁发者「{did}」，或未写明是哪一个：{known}", "there is no issuer `{did}`, or it is not said which: {known}", "用 `--issuer` 写明", "name it with `--issuer`"),
    "issuer-key-unknown": E("没有钥匙「{name}」；有：{known}", "there is no key `{name}`; there are: {known}", "用其中一个", "use one of them"),
    "issuer-key-name": E("钥匙的名称「{name}」不合用", "the name `{name}` of a key cannot be used", "用 1–60 个字母、数字、-、_", "use 1-60 letters, digits, - or _"),
    "issuer-public": E("「{text}」不是 Ed25519 公钥（Multikey）", "`{text}` is no Ed25519 public key (Multikey)", "写成 z6Mk…，`guiju frontrunner issuer new` 会写", "write z6Mk…, as `guiju frontrunner issuer new` does"),
    "issuer-time": E("「{text}」不是时刻", "`{text}` is no moment", "写成 2027-01-01T00:00:00Z", "write 2027-01-01T00:00:00Z"),
    "issuer-hours": E("状态表的时长「{text}」不合用", "the hours `{text}` of a status list cannot be used", "1 到 8784 的整数小时，refresh_hours 不大于 valid_hours", "whole hours from 1 to 8784, refresh_hours no more than valid_hours"),
    "issuer-holder": E("钥匙「{name}」既写了 file 又写了 command", "the key `{name}` has both file and command", "只写一个", "write one of them"),
    "issuer-mixed": E("名称「{text}」混用了形近的文字", "the name `{text}` mixes scripts that look alike", "只用一种文字的字母", "use the letters of one script"),
    "signer-command": E("签名程序 {command} 没有给出可用的签名：{reason}", "the signing program {command} gave no signature that can be used: {reason}", "它应从标准输入读消息，向标准输出写 64 字节的 Ed25519 签名", "it reads the message on standard input and writes the 64 bytes of an Ed25519 signature"),
    "signer-none": E("没有可用来签名的钥匙", "there is no key to sign with", "在颁发者文件里给现用的钥匙写 file 或 command", "give a key in use a `file` or a `command` in the file of issuers"),
    "signer-other": E("{file} 里是另一把钥匙", "{file} has another key", "用颁发者文件所登记的那一把", "use the one that the file of issuers has"),
    # cycles and certificates
    # the zone: claims, badges, feeds
}
