"""The printed certificate says what the signed one says, in every form, and the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import segno

from frontrunner_certificates import AT, Office
from guiju.frontrunner.credential.certificate import issue
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.printed import certificate_report, qr_svg, verification_address
from guiju.report.written import content
from guiju.standard.model import Title
from pdf_text import text_of


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_is_signed_and_marks_what_is_made_up(language: str):
    office = Office()
    made = office.certificate()
    report = certificate_report(made, office.issuer, language, {"range_level": Title("续航", "range")})
    page = content(report, "html").decode()
    claims = made["credentialSubject"]
    said = [claims["enterprise"]["title"][language], "Q/EXAMPLE 001-2026", "EX-1", "T/GUIJU 701-2026", "a" * 64, "b" * 64, "c" * 64, "d" * 64]
    said += ["consumption_level", "10.9", made["id"], made["issuer"], made["validUntil"], f"{made['issuer']}#key-1", "guiju frontrunner certificate verify"]
    said += {"zh": ["示意", "续航", "平均水平", "82.59 % · 先进", "605 km · 平均"], "en": ["illustrative", "range", "average (4 stars)", "82.59 % · advanced", "605 km · average"]}[language]
    assert [text for text in said if text not in page] == []


def test_nothing_is_marked_that_is_not_made_up():
    office = Office()
    office.issuer = replace(office.issuer, illustrative=False)
    page = content(certificate_report(office.certificate(illustrative=False), office.issuer, "en"), "html").decode()
    assert "illustrative" not in page.lower().replace("class=", "").split("</style>")[1]


def test_the_same_certificate_gives_the_same_bytes():
    office = Office()
    for form in ("pdf", "html"):
        assert content(certificate_report(office.certificate(), office.issuer, "zh"), form) == content(
            certificate_report(office.certificate(), office.issuer, "zh"), form
        )


def test_the_pdf_can_be_read():
    office = Office()
    text = "".join(text_of(content(certificate_report(office.certificate(), office.issuer, "en"), "pdf")))
    assert "Q/EXAMPLE 001-2026" in re.sub(r"\s+", " ", text)


def test_the_code_is_that_of_the_address_and_leads_to_the_certificate_where_it_has_a_page():
    office = Office()
    made = office.certificate()
    assert verification_address(made) == "https://evaluator.example/frontrunners/verify"
    own = "https://evaluator.example/frontrunners/certificates/7"
    paged = issue(_claims(made), office.issuer, office.signer, id=own, valid_from=AT, valid_until=AT.replace(year=2027), status=office.entries(), at=AT)
    assert verification_address(paged) == own
    dark = {(int(x) + at, int(y)) for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", qr_svg(own).decode()) for at in range(int(wide))}
    expected = {(x + 4, y + 4) for y, row in enumerate(segno.make_qr(own, error="m").matrix) for x, cell in enumerate(row) if cell}
    assert dark == expected


def _claims(made: dict) -> dict:
    return {name: value for name, value in made["credentialSubject"].items() if name != "type"}


def test_an_issuer_has_a_place_for_what_it_publishes():
    issuer = Issuer("did:web:a.example:office", Title("甲", "A"), ())
    assert issuer.context == "https://a.example/frontrunners/context/v2"
    assert issuer.list_address("revocation") == "https://a.example/frontrunners/status/office-revocation-1"
