"""Advertising texts, made up, read and held against what is known of the products they name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from guiju.base.units import parse_unit
from guiju.frontrunner.entity import Product
from guiju.frontrunner.zone.checking import Checked, Verdict, check_text
from guiju.frontrunner.zone.held import Certificate, Held, Known, Origin, Value
from guiju.frontrunner.zone.named import Names
from guiju.frontrunner.zone.reading import claims
from guiju.frontrunner.zone.words import Words, variants, words_for
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf

DICTIONARY = Shelf().dictionary
RANGE, USED = "nev.range.cltc", "nev.electricity.cltc"


def value(property_: str, number: str, unit: str = "km", origin: Origin = "declared", u: str | None = None) -> Value:
    return Value(property_, Fraction(number), parse_unit(unit), origin, "Q/SY 1-2026" if origin == "declared" else "R-1", None if u is None else Fraction(u))


def known(key: str, model: str, *values: Value, certificates: tuple[Certificate, ...] = (), brand: str = "示意牌") -> Known:
    product = Product(key, "E1", "Q/SY 1", "2026", model, brand, Title(f"{brand}{model}", f"{brand} {model}"), None, None, ())
    return Known(product, Title("示意企业", "Illustrative maker"), "CN-31", True, values, certificates)


CERTIFICATE = Certificate(
    "urn:test:FR-2026-0001", "valid", date(2026, 7, 1), "", "E1", "Q/SY 1", "2026", ("甲100",), "bev-cars", Title("示意方案", "scheme"), "T/GUIJU 701-2026", None,
    {"range_level": 1, "consumption_level": 2}, {"range_level": (RANGE,), "consumption_level": (USED,)}, {}, date(2026, 7, 1), date(2027, 6, 30), True)  # fmt: skip
A = known("a", "甲100", value(RANGE, "605"), value(USED, "12.5", "kWh/100km"), value("nev.range.wltp", "520"), certificates=(CERTIFICATE,))
B = known("b", "乙200", value(RANGE, "515", origin="measured", u="3"), value(RANGE, "520"), value("charger.efficiency.weighted", "96.52", "%"))
C = known("c", "乙200L", value(RANGE, "600"))
D = known("d", "ET7", value(RANGE, "700"), brand="Alpha")


E = known("e", "丁300", value(RANGE, "515", origin="measured", u="3"))


def held(*products: Known) -> Held:
    names = Names(((k.product.key, k.product.brand, k.product.model, (k.product.title.zh,)) for k in products), variants())
    certificates = {c.id: c for k in products for c in k.certificates}
    by_key = {k.product.key: k for k in products}
    properties = frozenset(v.property for k in products for v in k.values)
    return Held(names, certificates, properties, lambda keys: {key: by_key[key] for key in keys if key in by_key})


@pytest.fixture(scope="module")
def words() -> Words:
    return words_for((), DICTIONARY)


def checked(text: str, *about: str, of: tuple[Known, ...] = (A, B, C, D, E)) -> Checked:
    found = held(*of)
    return check_text(text, found, words_for(found.properties, DICTIONARY), DICTIONARY, about)


def told(text: str, *about: str, of: tuple[Known, ...] = (A, B, C, D, E)) -> list[tuple[str, Verdict]]:
    found = checked(text, *about, of=of)
    return [(text[each.claim.start : each.claim.end], each.verdict) for each in found.findings]


READ = {
    "CLTC续航605km": ("605km", "range", "605", "exact", "cltc", None),
    "续航里程（CLTC）：６０５公里": ("６０５公里", "range", "605", "exact", "cltc", None),
    "CLTC 续航 1,205 km": ("1,205 km", "range", "1205", "exact", "cltc", None),
    "最长续航 605 km（WLTP）": ("最长续航 605 km", "range", "605", "most", "wltp", None),
    "CLTC工况下，续航里程1.2千公里": ("1.2千公里", "range", "1200", "exact", "cltc", None),
    "CLTC续航0.06万公里": ("0.06万公里", "range", "600", "exact", "cltc", None),
    "CLTC续航600千米": ("600千米", "range", "600", "exact", "cltc", None),
    "续航六百二十公里(CLTC)": ("六百二十公里", "range", "620", "exact", "cltc", None),
    "CLTC百公里电耗仅需 11.9度": ("11.9度", "consumption", "11.9", "exact", "cltc", None),
    "CLTC电耗低至119 Wh/km": ("低至119 Wh/km", "consumption", "119", "least-of", "cltc", None),
    "CLTC 100公里电耗12.5kWh": ("12.5kWh", "consumption", "12.5", "exact", "cltc", None),
    "CLTC range of up to 605 km": ("up to 605 km", "range", "605", "most", "cltc", None),
    "consumption 12.5 kWh/100km (CLTC)": ("12.5 kWh/100km", "consumption", "12.5", "exact", "cltc", None),
    "CLTC续航不低于500km": ("不低于500km", "range", "500", "least", "cltc", None),
    "CLTC续航500km以上": ("500km以上", "range", "500", "least", "cltc", None),
    "续航不足500km(CLTC)": ("不足500km", "range", "500", "under", "cltc", None),
    "CLTC续航约500公里左右": ("约500公里左右", "range", "500", "about", "cltc", None),
    "CLTC续航提升至605km": ("605km", "range", "605", "exact", "cltc", None),
    "电池系统能量密度175Wh/kg": ("175Wh/kg", "energy-density", "175", "exact", None, None),
    "续航提升20%": ("20%", None, "20", "exact", None, "relative"),
    "电耗比上一代降低15%": ("15%", None, "15", "exact", None, "relative"),
    "续航比上一代多60km": ("60km", "range", "60", "exact", None, "relative"),
    "充电10分钟续航200km": ("200km", "range", "200", "exact", None, "partial"),
    "10 minutes of charging add 200 km of range": ("200 km", "range", "200", "exact", None, "partial"),
    "CLTC续航500/600/700km": ("500/600/700km", "range", "500", "exact", "cltc", "list"),
    "续航真的有605km吗？": ("605km", "range", "605", "exact", None, "question"),
    "-10℃时续航300km": ("300km", "range", "300", "exact", None, "condition"),
    "预计CLTC续航605km": ("605km", "range", "605", "exact", "cltc", "condition"),
    "CLTC续航并非605km": ("605km", "range", "605", "exact", "cltc", "negated"),
    "整车质保16万公里": ("16万公里", None, "160000", "exact", None, "no-topic"),
    "CLTC续航605": ("605", None, None, "exact", None, "no-unit"),
}


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_with_what_it_is_about(text: str, words: Words) -> None:
    place, topic, low, means, cycle, why = READ[text]
    found = next(each for each in claims(text, words) if text[each.start : each.end] == place)
    assert (found.means, found.why) == (means, why)
    assert found.kind == ("unread" if why else "value")
    if why is None:
        assert found.topic is not None
        assert (found.topic.id, found.low, found.cycle) == (topic, Fraction(str(low)), cycle)


def test_numbers_of_standards_dates_and_names_are_no_claims(words: Words) -> None:
    for text in ("执行 GB/T 18386.1-2021 和 Q/SGMW02586-2020", "2026年7月1日上市", "2026款", "客服 400-800-1234", "第3代平台，5座", "型号 E300P"):
        assert claims(text, words) == (), text


HOLDS = {
    "示意牌甲100 CLTC续航605km": ["confirmed"],
    "示意牌甲100 CLTC续航620km": ["contradicted"],
    "示意牌甲100 CLTC续航590km": ["contradicted"],
    "示意牌甲100 续航605km": ["unsupported"],
    "示意牌甲100 NEDC续航605km": ["unsupported"],
    "示意牌甲100 WLTP续航605km": ["contradicted"],
    "示意牌甲100 CLTC续航超过600km": ["confirmed"],
    "示意牌甲100 CLTC续航超过605km": ["contradicted"],
    "示意牌甲100 CLTC续航605km以上": ["confirmed"],
    "示意牌甲100 CLTC续航约600km": ["confirmed"],
    "示意牌甲100 CLTC续航约590km": ["contradicted"],
    "示意牌甲100 CLTC续航约605km": ["confirmed"],
    "示意牌甲100 CLTC续航500～600km": ["contradicted"],
    "示意牌甲100 CLTC续航600–650km": ["confirmed"],
    "示意牌甲100 CLTC续航376英里": ["confirmed"],
    "示意牌甲100 CLTC百公里电耗12.5kWh": ["confirmed"],
    "示意牌甲100 CLTC电耗125Wh/km": ["confirmed"],
    "示意牌甲100 CLTC电耗13 kWh/100km": ["contradicted"],
    "示意牌甲100 CLTC电耗12kWh/100km": ["confirmed"],
    "示意牌甲100 最高车速160km/h": ["unsupported"],
    "示意牌乙200 CLTC续航515km": ["confirmed"],
    "示意牌乙200 CLTC续航520km": ["confirmed"],
    "示意牌丁300 CLTC续航520km": ["unsupported"],
    "示意牌丁300 CLTC续航522km": ["contradicted"],
    "示意牌乙200 CLTC续航525km": ["contradicted"],
    "示意牌乙200 加权充电效率96.5%": ["confirmed"],
    "示意牌乙200 加权充电效率97%": ["confirmed"],
    "示意牌乙200 加权充电效率96.6%": ["contradicted"],
    "示意牌乙200L CLTC续航600km": ["confirmed"],
    "无名车 CLTC续航605km": ["unsupported"],
    "示意牌甲100 行业第一": ["unverifiable"],
    "示意牌甲100 是领跑者": ["confirmed"],
    "示意牌乙200 是领跑者": ["unsupported"],
    "示意牌乙200 不是领跑者": ["not-understood"],
    "示意牌甲100 企业标准“领跑者”，续航先进水平": ["confirmed", "confirmed"],
    "示意牌甲100 电耗先进水平": ["contradicted"],
    "示意牌甲100 五星级": ["unsupported"],
    "示意牌甲100 三星级": ["contradicted"],
    "示意牌甲100 碰撞五星": ["not-understood"],
    "示意牌甲100 证书编号 urn:test:FR-2026-0009": ["unsupported"],
}  # fmt: skip


@pytest.mark.parametrize("text", HOLDS)
def test_a_claim_is_confirmed_only_by_what_is_held(text: str) -> None:
    assert [verdict for _, verdict in told(text)] == HOLDS[text]


def test_rounding_goes_by_the_digits_that_are_claimed_and_is_half_to_even() -> None:
    for held_value, text, verdict in (("604.5", "604", "confirmed"), ("604.5", "605", "contradicted"), ("605.5", "606", "confirmed"),
                                      ("604.51", "605", "confirmed"), ("604.5", "604.5", "confirmed"), ("605", "605.0", "confirmed")):  # fmt: skip
        found = told(f"示意牌甲100 CLTC续航{text}km", of=(known("a", "甲100", value(RANGE, held_value)),))
        assert [each for _, each in found] == [verdict], (held_value, text)


def test_one_cycle_never_confirms_another_whatever_the_number() -> None:
    only = (known("a", "甲100", value("nev.range.wltp", "605")),)
    for text in ("CLTC续航605km", "续航605km", "NEDC续航605km", "EPA续航605km"):
        assert [verdict for _, verdict in told(f"示意牌甲100 {text}", of=only)] == ["unsupported"]
    assert [verdict for _, verdict in told("示意牌甲100 WLTP续航605km", of=only)] == ["confirmed"]


def test_two_products_in_one_text_are_held_each_against_its_own() -> None:
    text = "示意牌甲100 CLTC续航605km；示意牌乙200 CLTC续航605km。"
    assert told(text) == [("605km", "confirmed"), ("605km", "contradicted")]
    assert [each.products for each in checked(text).findings] == [("a",), ("b",)]


def test_a_claim_of_several_products_holds_only_where_it_holds_for_all() -> None:
    assert told("CLTC续航605km", "a", "c") == [("605km", "unsupported")]
    assert told("CLTC续航600km以上", "a", "c") == [("600km以上", "confirmed")]
    assert told("CLTC续航最高605km", "a", "c") == [("最高605km", "confirmed")]
    assert told("CLTC续航最高600km", "a", "c") == [("最高600km", "contradicted")]


def test_a_name_that_only_looks_like_one_is_nobodys() -> None:
    for text in ("Alpha ЕТ7 CLTC续航700km", "Alpha E\u03a47 CLTC续航700km", "Alpha ET7 Pro CLTC续航700km", "Alpha ET70 CLTC续航700km",
                 "Alpha E\u200bT7 CLTC续航700km", "А1pha ET7 CLTC续航700km"):
        found = checked(text)
        assert [each.verdict for each in found.findings] == ["unsupported"], text
        assert [each.name for each in found.unlike] and not found.findings[0].products
    assert told("Alpha ＥＴ７ CLTC续航700km") == [("700km", "confirmed")], "full-width is no other name"


def test_a_name_at_the_very_end_is_found_and_no_longer_one_than_is_there() -> None:
    names = held(D).names
    for text in ("ET7", "Alpha ET7", "Alpha"):
        found, unlike = names.find(text)
        assert [each.name.replace(" ", "") for each in found] == [text.replace(" ", "")] and not unlike
    assert names.find("Alph") == ((), ()) and names.find("E") == ((), ())


def test_a_certificate_that_is_not_valid_contradicts_and_says_why() -> None:
    for state in ("suspended", "withdrawn", "expired"):
        void = replace(CERTIFICATE, state=state, reason="监督抽查不合格" if state != "expired" else "", since=date(2026, 9, 1))
        found = checked("示意牌甲100 领跑者，证书编号 urn:test:FR-2026-0001", of=(replace(A, certificates=(void,)),))
        status = found.findings[0]
        assert status.verdict == "contradicted" and "2026-09-01" in status.why.zh
        assert state == "expired" or "监督抽查不合格" in status.why.zh


def test_a_certificate_of_another_product_does_not_help() -> None:
    numbered = replace(CERTIFICATE, id="FR-2026-0001")
    of = (replace(A, certificates=(numbered,)), B)
    assert told("示意牌甲100 证书编号 FR-2026-0001", of=of)[-1][1] == "confirmed"
    assert told("示意牌乙200 证书编号 FR-2026-0001", of=of)[-1][1] == "contradicted"


def test_every_finding_has_its_place_and_its_values() -> None:
    text = "示意牌乙200 CLTC续航525km"
    found = checked(text).findings[0]
    assert text[found.claim.start : found.claim.end] == "525km"
    first = found.rests_on[0]
    assert (first.value.origin, first.value.cited, first.agrees) == ("measured", "R-1", False)
    assert first.text.zh == "文中为 525 km；测得 515 km (u = 3)"


def test_what_is_read_stops_somewhere_and_says_so() -> None:
    assert checked("续航" * 20_000).cut == 20_000


def test_a_name_with_a_chinese_character_that_looks_like_another_is_told_and_never_taken_for_it() -> None:
    of = (known("t", "天马一号", value(RANGE, "600"), brand="未来汽车"), known("s", "S9", value(RANGE, "600"), brand="申通"))
    for text, name in (("末来汽车 S9X CLTC续航600km", "未来汽车"), ("夭马一号 CLTC续航600km", "天马一号"), ("天馬一号 CLTC续航600km", "天马一号"),
                       ("【由通】 CLTC续航600km", "申通")):  # fmt: skip
        found = checked(text, of=of)
        assert [each.name for each in found.unlike] == [name] and [each.verdict for each in found.findings] == ["unsupported"]
    plain = checked("由通用汽车制造，天马行空，甲乙丙丁", of=of)
    assert plain.unlike == () and plain.named == ()
