"""Checking: every claim of a text held against what is known of the product it is about: confirmed, contradicted, unsupported.

The rules, in this order:

- Of each product the strongest origin that decides, decides: a valid certificate, then what was measured, then what was declared.
- A value confirms a claimed number when it rounds to it at the last digit the text writes (GB/T 8170), in the unit the text uses.
- A measured value with a standard uncertainty u contradicts only beyond 2u; within it nothing is decided.
- A value of one test cycle says nothing of a claim with another; a claim that names no cycle is never confirmed where values have one.
- A claim about several products holds where it holds for all; where for some, the text does not say which, and it is unsupported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from guiju.base.rounding import decimal_text, round_gb
from guiju.frontrunner.zone.held import ORIGINS, STATES, Certificate, Held, Known, Value
from guiju.frontrunner.zone.named import Named, Unlike
from guiju.frontrunner.zone.reading import Claim, claims, reach
from guiju.frontrunner.zone.words import Words
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

Verdict = Literal["confirmed", "contradicted", "unsupported", "unverifiable", "not-understood"]
VERDICTS: dict[Verdict, Title] = {
    "confirmed": Title("有据", "confirmed"), "contradicted": Title("与依据不符", "contradicted"), "unsupported": Title("无依据", "unsupported"),
    "unverifiable": Title("无法核实", "unverifiable"), "not-understood": Title("未读懂", "not understood"),
}  # fmt: skip
COVERAGE = 2
"""Expanded uncertainty is so many u."""
SHOWN, MEANT_MAX = 6, 50
UPWARD, DOWNWARD = frozenset({"most"}), frozenset({"least-of"})


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of one product beside a claim. agrees: None where it does not decide; text: the exact comparison"""

    product: str
    value: Value
    agrees: bool | None
    text: Title


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a claim.

    products      keys of those it is about
    why           in a sentence
    rests_on      values compared, the deciding ones first
    certificates  it rests on, or that contradict it
    """

    claim: Claim
    verdict: Verdict
    products: tuple[str, ...]
    why: Title
    rests_on: tuple[Compared, ...] = ()
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A text, checked. cut: characters beyond the most that is read"""

    text: str
    named: tuple[Named, ...]
    unlike: tuple[Unlike, ...]
    findings: tuple[Finding, ...]
    cut: int

    def count(self, verdict: Verdict) -> int:
        return sum(each.verdict == verdict for each in self.findings)


def check_text(text: str, held: Held, words: Words, dictionary: Dictionary, about: Sequence[str] = ()) -> Checked:
    """Every claim of a text, in its order, with what becomes of it.

    about   keys of the products the text is about where it names none; a name in the text comes before it
    """
    read = text[: reach(text)]
    named, unlike = held.names.find(read)
    marked: list[Named | Unlike] = [*named, *unlike]
    places = [(each.start, each.end) for each in marked]
    found = []
    for claim in claims(read, words, places):
        keys = _meant(claim, named, unlike, about)
        found.append(_finding(claim, held, keys, dictionary))
    return Checked(text, named, unlike, tuple(found), len(text) - len(read))


def _meant(claim: Claim, named: Sequence[Named], unlike: Sequence[Unlike], about: Sequence[str]) -> tuple[str, ...]:
    """The products of the name that stands last before a claim, else of the first behind it, else those the text is said to be about.

    A name that only looks like one is nobody's: what follows it is about no product.
    """
    marked: list[Named | Unlike] = [*named, *unlike]
    before = [each for each in marked if each.end <= claim.start]
    if before:
        last = max(before, key=lambda each: each.end)
        return tuple(sorted(_narrowed(last, before))) if isinstance(last, Named) else ()
    behind = [each for each in marked if each.start >= claim.end]
    if about or not behind:
        return tuple(about)
    first = min(behind, key=lambda each: each.start)
    return tuple(sorted(first.keys)) if isinstance(first, Named) else ()


def _narrowed(last: Named, before: Sequence[Named | Unlike]) -> frozenset[str]:
    """Of a model that several brands have, that of the brand named before it; a brand named after its model is still that model."""
    others = [each for each in before if isinstance(each, Named) and each is not last]
    for each in reversed(others):
        if each.is_brand != last.is_brand and each.keys & last.keys:
            return each.keys & last.keys
    return last.keys


def _finding(claim: Claim, held: Held, keys: tuple[str, ...], dictionary: Dictionary) -> Finding:
    if claim.kind == "unread":
        return Finding(claim, "not-understood", keys, UNREAD[claim.why or "no-topic"])
    if claim.kind == "superlative":
        return Finding(claim, "unverifiable", keys, SUPERLATIVE)
    if claim.kind == "certificate":
        return _number(claim, held, keys)
    if len(keys) > MEANT_MAX:
        why = Title(f"文中的名称有 {len(keys)} 款产品，没有说是哪款", f"the name is that of {len(keys)} products; which is not said")
        return Finding(claim, "unsupported", (), why)
    known = held.some(keys)
    if not known:
        return Finding(claim, "unsupported", (), Title("文中没有指明库中的产品", "the text names no product of the library"))
    if claim.kind == "value":
        return _value(claim, known, dictionary)
    return _status(claim, known)


SUPERLATIVE = Title("最高级：没有可以核实的依据；是否合法，这里不判断",
                    "a superlative: nothing to hold it against; whether it is lawful is not judged here")
NO_CYCLE = Title("没有说明试验工况（CLTC、WLTP 等），不能核对", "names no test cycle (CLTC, WLTP …), so no value can be held against it")
UNDECIDED = Title("持有的值不足以判断（在测量不确定度之内，或彼此不一）",
                  "what is held does not decide it (within the uncertainty of measurement, or at odds)")
NO_CERTIFICATE = Title("没有这个产品的证书；没有证书不等于不合格", "no certificate of this product is known; that is no non-conformity")
UNREAD = {
    "negated": Title("被否定的说法，不核对", "negated: not checked"),
    "question": Title("问句，不核对", "a question: not checked"),
    "relative": Title("相对的说法，没有说与什么相比的依据", "relative: against what, nothing is held"),
    "condition": Title("附有条件（温度、速度、预计等），没有该条件下的值", "under a condition (temperature, speed, forecast): no such value is held"),
    "no-topic": Title("没有读出这个数说的是什么", "what the number is about was not understood"),
    "no-unit": Title("数字没有单位", "a number without a unit"),
    "several-topics": Title("这个数可能说的不止一件事", "the number may be about more than one thing"),
    "list": Title("一串数，没有说哪个是哪一款的", "a list of numbers: which is whose is not said"),
    "no-value": Title("只有赞语，没有数值", "praise without a value"),
    "other-levels": Title("别的项目的星级或等级", "stars or levels of another programme"),
    "partial": Title("说的不是整个量（补能、质保、电芯等）", "not about the whole quantity (charged in some minutes, warranty, cell)"),
}


# numbers


def _value(claim: Claim, known: Sequence[Known], dictionary: Dictionary) -> Finding:
    keys = tuple(each.id for each in known)
    fitting = [(each, value) for each in known for value in each.values if _same(claim, value, dictionary)]
    if claim.cycle is None and any(_has_cycle(value.property, dictionary) for _, value in fitting):
        told = tuple(Compared(each.id, value, None, _shown(claim, value)) for each, value in fitting)[:SHOWN]
        return Finding(claim, "unsupported", keys, NO_CYCLE, told)
    if not fitting:
        return Finding(claim, "unsupported", keys, _nothing_held(claim, known, dictionary))
    decided = [_decided(claim, each, [value for one, value in fitting if one is each]) for each in known]
    if claim.means in UPWARD | DOWNWARD and len(known) > 1:
        decided = _extreme(claim, known, fitting, decided)
    verdicts = {agrees for agrees, _ in decided}
    rests = tuple(each for _, compared in decided for each in compared)
    certificates = _each(c for k in known for c in k.certificates if any(r.value.cited == c.id for r in rests))
    if verdicts == {True}:
        return Finding(claim, "confirmed", keys, _why_agrees(rests), _first(rests, True), certificates)
    if verdicts == {False}:
        return Finding(claim, "contradicted", keys, _why_differs(rests), _first(rests, False), certificates)
    some = len(known) > 1 and True in verdicts
    why = _so_of(sum(agrees is True for agrees, _ in decided), len(known)) if some else UNDECIDED
    return Finding(claim, "unsupported", keys, why, _first(rests, None), certificates)


def _each(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    return tuple({each.id: each for each in certificates}.values())


def _so_of(some: int, every: int) -> Title:
    return Title(f"{every} 款产品中 {some} 款如此，文中没有说是哪款", f"so of {some} of {every} products; the text does not say which")


def _same(claim: Claim, value: Value, dictionary: Dictionary) -> bool:
    """Whether a value is of the quantity claimed, in the cycle claimed."""
    if value.property not in claim.properties or claim.unit is None or not value.unit.same_dimension(claim.unit):
        return False
    known = dictionary.get(value.property)
    return claim.cycle is None or known is None or known.cycle in (None, claim.cycle)


def _has_cycle(property_: str, dictionary: Dictionary) -> bool:
    known = dictionary.get(property_)
    return known is not None and known.cycle is not None


def _nothing_held(claim: Claim, known: Sequence[Known], dictionary: Dictionary) -> Title:
    others = sorted({dictionary[value.property].cycle or "" for each in known for value in each.values
                     if value.property in claim.properties and value.property in dictionary} - {"", claim.cycle})  # fmt: skip
    if others:
        said = "、".join(each.upper() for each in others)
        listed = ", ".join(each.upper() for each in others)
        return Title(f"只持有 {said} 工况的值；工况不同，不能相互证实", f"only values of {listed} are held; one cycle never confirms another")
    return Title("库中没有这个产品的这个值", "no such value of this product is held")


def _decided(claim: Claim, known: Known, values: Sequence[Value]) -> tuple[bool | None, tuple[Compared, ...]]:
    """Of one product: what the strongest origin that decides says, and every value compared; those that decided come first."""
    compared = [Compared(known.id, value, _agrees(claim, value), _shown(claim, value)) for value in values]
    for origin in ORIGINS:
        said = {each.agrees for each in compared if each.value.origin == origin} - {None}
        if said:
            agrees = said.pop() if len(said) == 1 else None
            return agrees, tuple(sorted(compared, key=lambda each: each.value.origin != origin))
    return None, tuple(compared)


def _extreme(
    claim: Claim, known: Sequence[Known], fitting: Sequence[tuple[Known, Value]], decided: Sequence[tuple[bool | None, tuple[Compared, ...]]]
) -> list[tuple[bool | None, tuple[Compared, ...]]]:
    """Of `up to` over several products: the one with the largest value speaks for all (the smallest, of `as low as`)."""
    sign = 1 if claim.means in UPWARD else -1
    best = max(fitting, key=lambda pair: (sign * pair[1].value * pair[1].unit.factor, pair[0].id))[0]
    return [found for each, found in zip(known, decided, strict=True) if each is best]


def _agrees(claim: Claim, value: Value) -> bool | None:
    """Whether a value bears a claim out; None where it is within the uncertainty of measurement."""
    assert claim.low is not None and claim.high is not None and claim.unit is not None and claim.step is not None
    ratio = value.unit.ratio(claim.unit)
    held, spread = value.value * ratio, abs((value.u or Fraction(0)) * ratio * COVERAGE)
    low, high, step = claim.low, claim.high, claim.step
    rounded = round_gb(held, step)
    match claim.means:
        case "between":
            holds, off = low <= rounded <= high, max(low - held, held - high)
        case "least":
            holds, off = held >= low, low - held
        case "over":
            holds, off = held > low, low - held
        case "at-most":
            holds, off = held <= low, held - low
        case "under":
            holds, off = held < low, held - low
        case _:
            holds, off = rounded == low, abs(held - low)
    return True if holds else None if spread and off <= spread else False


def _shown(claim: Claim, value: Value) -> Title:
    """The exact comparison: the claim, and the value in its unit with its uncertainty."""
    assert claim.low is not None and claim.high is not None and claim.unit is not None and claim.step is not None
    held = value.value * value.unit.ratio(claim.unit)
    said = decimal_text(claim.low) + (f"–{decimal_text(claim.high)}" if claim.means == "between" else "")
    u = f" (u = {decimal_text(value.u * value.unit.ratio(claim.unit))})" if value.u is not None else ""
    unit = claim.unit.shown
    converted = "" if value.unit.text == claim.unit.text else f" = {decimal_text(value.value)} {value.unit.shown}"
    rounded = round_gb(held, claim.step)
    to = "" if rounded == held else f" → {decimal_text(rounded)}"
    zh, en = MEANS[claim.means]
    return Title(f"文中{zh} {said} {unit}；{ORIGINS[value.origin].zh} {decimal_text(held)} {unit}{converted}{u}{to}",
                 f"claimed {en} {said} {unit}; {ORIGINS[value.origin].en} {decimal_text(held)} {unit}{converted}{u}{to}")  # fmt: skip


MEANS = {
    "exact": ("为", "as"), "most": ("最高", "up to"), "least-of": ("低至", "as low as"), "about": ("约", "about"), "least": ("不低于", "at least"),
    "over": ("超过", "over"), "at-most": ("不超过", "at most"), "under": ("低于", "under"), "between": ("介于", "between"),
}  # fmt: skip


def _why_agrees(rests: Sequence[Compared]) -> Title:
    first = next(each for each in rests if each.agrees)
    against = any(each.agrees is False for each in rests)
    zh, en = ("；另有较弱的依据与此不同", "; a weaker source differs") if against else ("", "")
    return Title(f"{ORIGINS[first.value.origin].zh}的值与文中一致{zh}", f"the value {ORIGINS[first.value.origin].en} agrees{en}")


def _why_differs(rests: Sequence[Compared]) -> Title:
    first = next(each for each in rests if each.agrees is False)
    return Title(f"{ORIGINS[first.value.origin].zh}的值与文中不同", f"the value {ORIGINS[first.value.origin].en} differs")


def _first(rests: Sequence[Compared], agrees: bool | None) -> tuple[Compared, ...]:
    """So many as are shown, those of this mind first."""
    return tuple(sorted(rests, key=lambda each: each.agrees is not agrees))[:SHOWN]


# levels, status, certificates


def _status(claim: Claim, known: Sequence[Known]) -> Finding:
    """Of a level or a status; it holds where it holds of every product the text is about."""
    each = [_of_one(claim, one) for one in known]
    verdicts = {found.verdict for found in each}
    keys = tuple(one.id for one in known)
    certificates = _each(c for found in each for c in found.certificates)[:SHOWN]
    if len(verdicts) == 1:
        return replace(each[0], products=keys, certificates=certificates)
    good = sum(found.verdict == "confirmed" for found in each)
    return Finding(claim, "unsupported", keys, _so_of(good, len(known)), (), certificates)


def _of_one(claim: Claim, known: Known) -> Finding:
    keys = (known.id,)
    valid = tuple(each for each in known.certificates if each.is_valid)
    if not known.certificates:
        return Finding(claim, "unsupported", keys, NO_CERTIFICATE)
    if not valid:
        return Finding(claim, "contradicted", keys, _void(known.certificates[0]), (), known.certificates)
    if claim.kind != "level":
        return Finding(claim, "confirmed", keys, Title("有有效证书", "there is a valid certificate"), (), valid)
    said = [level for each in valid for level in _levels(claim, each, known.product.model or "")]
    if not said:
        return Finding(claim, "unsupported", keys, Title("证书没有载明这一等级", "the certificate states no such level"), (), valid)
    stars = "、".join(str(level) for level in sorted(set(said)))
    if set(said) == {claim.level}:
        return Finding(claim, "confirmed", keys, Title(f"证书载明 {stars} 级", f"the certificate states level {stars}"), (), valid)
    if claim.level in said:
        why = Title(f"各指标等级不一（{stars}），文中没有说是哪项指标", f"levels differ by indicator ({stars}); the text does not say which")
        return Finding(claim, "unsupported", keys, why, (), valid)
    return Finding(claim, "contradicted", keys, Title(f"证书载明 {stars} 级", f"the certificate states level {stars}"), (), valid)


def _levels(claim: Claim, certificate: Certificate, model: str) -> list[int]:
    """The levels of a model a claim can mean: of the indicators about its quantity; of the whole where it names none, else of every indicator."""
    said = certificate.of(model)
    if claim.topic is not None:
        about = [level for name, level in said.levels.items() if set(certificate.about.get(name, ())) & set(claim.topic.properties)]
        if about:
            return about
    return [said.level] if said.level is not None else list(said.levels.values())


def _void(certificate: Certificate) -> Title:
    state, reason = STATES[certificate.state], f"：{certificate.reason}" if certificate.reason else ""
    since = f" {certificate.since}" if certificate.since else ""
    return Title(f"证书{state.zh}{since}{reason}", f"the certificate is {state.en}{since}{reason.replace('：', ': ')}")


def _number(claim: Claim, held: Held, keys: tuple[str, ...]) -> Finding:
    found = held.certificates.get(claim.number or "") or next((c for id_, c in held.certificates.items() if id_.endswith(f"/{claim.number}")), None)
    if found is None:
        return Finding(claim, "unsupported", keys, Title("这里没有发过这个编号的证书", "no certificate of this number was issued here"))
    if not found.is_valid:
        return Finding(claim, "contradicted", keys, _void(found), (), (found,))
    if keys and not any(found in each.certificates for each in held.some(keys)):
        return Finding(claim, "contradicted", keys, Title("证书是发给别的产品的", "the certificate is another product’s"), (), (found,))
    return Finding(claim, "confirmed", keys, Title("证书有效", "the certificate is valid"), (), (found,))
