"""The printed certificate: what a signed one says, in Chinese or English, with a QR code that leads to where it is verified; never more than it says.

The code holds an address and nothing else: what counts is the signed file, which the paper only describes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import segno

from guiju.base.diagnostics import Language
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.proof import time_of
from guiju.frontrunner.credential.said import Indicated, Said, models_said, said_by
from guiju.report import tree as t
from guiju.standard.model import Title

LEVELS: Mapping[int, Title] = {
    1: Title("先进水平（5 星）", "advanced (5 stars)"),
    2: Title("平均水平（4 星）", "average (4 stars)"),
    3: Title("基准水平（3 星）", "baseline (3 stars)"),
}
SHORT: Mapping[int, Title] = {1: Title("先进", "advanced"), 2: Title("平均", "average"), 3: Title("基准", "baseline")}
COLUMNS, LISTED = 4, 8
"""Indicators side by side in a table; of more there are more tables. Models listed by name above it; of more their number."""
VERIFY_PATH = "/frontrunners/verify"
_QUIET, _HIGH, _WIDE = 4, 150, 680


def verification_address(certificate: Mapping[str, Any]) -> str:
    """Where a certificate is looked at: its own address where it has one on its issuer's host, else the page that verifies any."""
    own, issuer = certificate["id"], certificate["issuer"]
    return own if dids.same_host(own, issuer) else f"{dids.base_of(issuer)}{VERIFY_PATH}"


def certificate_report(certificate: Mapping[str, Any], issuer: Issuer, language: Language, titles: Mapping[str, Title] | None = None) -> t.Report:
    """The certificate on paper.

    certificate   a good one: it is not verified here
    issuer        for its name
    titles        indicator → its title, where the evaluation standard is at hand
    """
    return _Paper(certificate, issuer, language, titles or {}).report()


class _Paper:
    def __init__(self, certificate: Mapping[str, Any], issuer: Issuer, language: Language, titles: Mapping[str, Title]) -> None:
        self.plain, self.issuer, self.language, self.titles = certificate, issuer, language, titles
        self.claims = certificate["credentialSubject"]
        self.illustrative = self.claims["illustrative"] or issuer.illustrative
        self.sha256 = hashlib.sha256(certificate_bytes(certificate)).hexdigest()

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def report(self) -> t.Report:
        claims = self.claims
        mark = self.word("【示意】", "[illustrative] ") if self.illustrative else ""
        title = mark + self.word("企业标准“领跑者”评估证书", "Certificate of an enterprise standard front-runner")
        evaluation = claims["evaluationStandard"]
        origins = (
            t.Origin(f"{evaluation['number']} ({evaluation['edition']})", evaluation["contentHash"]),
            t.Origin(self.word("标准库", "library"), claims["libraryHash"]),
            *(t.Origin(self.word("快照", "snapshot"), found) for found in claims["snapshotHashes"]),
            t.Origin(self.word("榜单", "board"), claims["boardHash"]),
            t.Origin(self.word("证书文件", "certificate file"), self.sha256),
        )
        return t.Report(title, self.language, date.fromisoformat(claims["decidedOn"]), claims["engineVersion"], origins, tuple(self.blocks()))

    def blocks(self) -> Iterator[t.Block]:
        if self.illustrative:
            said = self.word(
                "本证书所依据的阈值、企业、产品或机构含示意内容，不得作为实际结论引用。",
                "Thresholds, enterprises, products or the issuer behind this certificate are made up; it must not be cited as a real conclusion.",
            )
            yield t.Note((said,), t.Kind.ILLUSTRATIVE)
        yield t.Facts(tuple((term, (said,)) for term, said in self.rows()))
        yield t.Section(self.word("等级与指标", "Level and indicators"), tuple(self.indicators()))
        yield t.Section(self.word("核验", "Verification"), tuple(self.verification()))

    def rows(self) -> Iterator[tuple[str, t.Inline]]:
        claims, plain = self.claims, self.plain
        level = claims.get("level")
        yield self.word("企业", "enterprise"), f"{claims['enterprise']['title'][self.language]} ({claims['enterprise']['code']})"
        yield self.word("声明的标准", "declared standard"), f"{claims['standard']['number']} ({claims['standard']['edition']})"
        yield self.word("型号", "models"), self.models()
        yield self.word("评估方案", "scheme"), claims["scheme"]
        yield self.word("评估标准", "evaluation standard"), f"{claims['evaluationStandard']['number']} ({claims['evaluationStandard']['edition']})"
        if level is not None:
            yield self.word("等级", "level"), t.Strong(LEVELS[level].text(self.language))
        yield self.word("有效期", "validity"), f"{plain['validFrom']} – {plain['validUntil']}"
        if "comparedOn" in claims:
            yield self.word("比对日期", "compared as of"), claims["comparedOn"]
        yield self.word("决定日期", "decided on"), claims["decidedOn"]
        yield self.word("颁发者", "issuer"), f"{self.issuer.title.text(self.language)} ({plain['issuer']})"
        yield self.word("编号", "identifier"), plain["id"]

    def models(self) -> str:
        """Their names; of many how many there are, since the table below has each."""
        found = models_said(self.claims)
        if len(found) > LISTED:
            return self.word(f"{len(found)} 个，见下表", f"{len(found)}, each in the table below")
        return self.word("、", ", ").join(found)

    def indicators(self) -> Iterator[t.Block]:
        """Tables with a row for each model and some of the indicators beside one another."""
        said = said_by(self.claims)
        names = list(dict.fromkeys(each.name for one in said for each in one.indicators))
        for at in range(0, len(names), COLUMNS):
            yield self.side_by_side(said, names[at : at + COLUMNS])
        if said[0].is_own:
            rule = self.word(
                "每个型号自己的值，至多四位有效数字，整数部分全写；等级按精确值定，精确值在证书文件里。",
                "Each model's own values, in at most four significant digits and never less than whole; the exact ones are in the certificate file.",
            )
        else:
            rule = self.word(
                "先前形式的证书：几个型号合发时，每项的值属于等级最低的那个型号。",
                "A certificate in the earlier form: of several models, each value is that of the model that reaches the lowest level.",
            )
        yield t.Paragraph((rule,))

    def side_by_side(self, said: tuple[Said, ...], names: list[str]) -> t.Table:
        titles = [(name, self.titles[name].text(self.language) if name in self.titles else name) for name in names]
        heads = t.heads(self.language, ("型号", "model"), ("等级", "level"), *((title, title) for _, title in titles), right=range(2, 2 + len(names)))
        rows = []
        for one in said:
            own = {each.name: each for each in one.indicators}
            model = self.word("、", ", ").join(one.models)
            level = "–" if one.level is None else SHORT[one.level].text(self.language)
            rows.append(t.row((model,), (level,), *((self.cell(own.get(name)),) for name in names)))
        return t.Table(self.word("各型号各指标的值和等级", "The value and the level of each indicator, by model"), heads, tuple(rows))

    def cell(self, each: Indicated | None) -> str:
        return "–" if each is None else f"{each.short} · {SHORT[each.level].text(self.language)}"

    def verification(self) -> Iterator[t.Block]:
        plain, address = self.plain, verification_address(self.plain)
        signed = time_of(plain["proof"]["created"])
        assert signed is not None, "the certificate is a good one"
        rows = [
            (self.word("在线核验的地址", "address to verify at"), address),
            (self.word("密钥", "key"), plain["proof"]["verificationMethod"]),
            (self.word("签名时间（自述）", "signed at (as stated)"), plain["proof"]["created"]),
            (self.word("证书文件 sha256", "sha256 of the certificate file"), self.sha256),
            (self.word("引擎", "engine"), self.claims["engineVersion"]),
        ]
        heads = t.heads(self.language, ("项", "item"), ("内容", "content"))
        table = t.Table(self.word("核验所需", "What verification needs"), heads, tuple(t.row((term,), (said,)) for term, said in rows))
        alternative = self.word(f"二维码，内容是 {address}", f"a QR code that says {address}")
        yield t.Figure(qr_svg(address), alternative, self.word("扫码核验", "Scan to verify"), table)
        offline = self.word(
            "离线核验：取证书文件（.json）、颁发者的 DID 文档与状态表，运行 ",
            "Offline: take the certificate file (.json), the issuer's DID document and the status lists, and run ",
        )
        yield t.Paragraph((offline, t.Code("guiju frontrunner certificate verify FILE --did DID.json --status LIST.json")))
        yield t.Note((self.word(
            "有效的是经签名的文件；本页只是它的说明，暂停或撤销只在状态表里看得到。",
            "What counts is the signed file; this page only describes it, and only the status lists show whether it is suspended or withdrawn.",
        ),))  # fmt: skip


def qr_svg(text: str) -> bytes:
    """A QR code of a text, black on white whatever the page is; it stands left on a wide sheet, so that it is as large as a hand."""
    matrix = segno.make_qr(text, error="m").matrix
    size = len(matrix) + 2 * _QUIET
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + _QUIET} {y + _QUIET}h{end - x}v1h-{end - x}z")
            x = end + 1
    scale = _HIGH / size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{_HIGH}" viewBox="0 0 {_WIDE} {_HIGH}">'
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>'
        f'<path transform="scale({scale:.4f})" fill="#000" shape-rendering="crispEdges" d="{"".join(runs)}"/></svg>'
    ).encode("ascii")
