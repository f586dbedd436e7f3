"""Round asked: what a page is asked of a round of proficiency testing, and what comes of it."""

from __future__ import annotations

from contextlib import ExitStack

from guiju.base.diagnostics import Language
from guiju.standard.model import Title
from guiju.verify.given import Given, real
from guiju.verify.outcome import Outcome, Part
from guiju.verify.rounds import METHODS, SCORES, Assigned, Round, Scored, assign, read_round, score
from guiju.verify.rounds_told import Checks, as_json, chart, checks, checks_tables, notes, scores_table
from guiju.verify.tray import Brought, laid_out, pasted

SHIPPED = {"round": "round.csv"}
METHOD_WORDS = {
    "algorithm-a": Title("算法 A（稳健）", "Algorithm A (robust)"),
    "q-hampel": Title("Q/Hampel（稳健）", "Q/Hampel (robust)"),
    "median": Title("中位值与 nIQR", "median with nIQR"),
    "made": Title("中位值与 MADe", "median with MADe"),
    "mean": Title("平均值", "mean"),
    "mandel-paule": Title("随机效应 Mandel–Paule", "random effects, Mandel–Paule"),
    "dersimonian-laird": Title("随机效应 DerSimonian–Laird", "random effects, DerSimonian–Laird"),
    "reml": Title("随机效应 REML", "random effects, REML"),
    "ml": Title("随机效应 ML", "random effects, ML"),
    "given": Title("外部给定", "given from outside"),
}
ASSIGNED, U, SIGMA = Title("指定值", "assigned value"), Title("它的标准不确定度", "its standard uncertainty"), Title("σ_pt", "σ_pt")
COLUMNS = {"lab": Title("参加者", "participant"), "value": Title("结果", "value")}


def round_outcome(given: Given, table: Brought) -> Outcome:
    """Assigned value, checks of the items and scores, by what the address asks.

    raises   Refused, with every problem
    """
    method = next(each for each in METHODS if each == given.word("method", METHODS, "algorithm-a"))
    kind = next(each for each in SCORES if each == given.word("score", SCORES, "z"))
    value, u = real(given.number("assigned", ASSIGNED)), real(given.number("u_assigned", U, least=0))
    sigma = real(given.number("sigma", SIGMA, least=0))
    items = [pasted(text) if (text := given.one(name)) else None for name in ("homogeneity", "stability")]
    given.problems.refuse_errors()
    columns = {name: given.one(name) or None for name in COLUMNS}
    with ExitStack() as stack:
        found = read_round(stack.enter_context(laid_out(table)), columns)
        assigned = assign(found, method, value, u)
        made = score(found, assigned, kind, sigma)
        paths = [None if each is None else stack.enter_context(laid_out(each)) for each in items]
        checked = checks(paths[0], paths[1], made.sigma)
    return outcome_of(found, assigned, made, checked, given.language, table.illustrative)


def outcome_of(found: Round, assigned: Assigned, made: Scored, checked: Checks, language: Language, illustrative: bool = False) -> Outcome:
    zh = language == "zh"
    scores = scores_table(found, made, language)
    parts = [Part("比分数" if zh else "Scores", (chart(found, made, language), scores, *notes(found, assigned, made, language)))]
    if checked:
        parts.append(Part("样品的均匀性与稳定性" if zh else "Homogeneity and stability of the items", tuple(checks_tables(checked, language)), True))
    return Outcome(f"{'能力验证' if zh else 'Proficiency testing'} · {found.file}", tuple(parts), as_json(found, assigned, made, checked), scores,
                   made.diagnostics, ((found.file, found.digest),), illustrative)  # fmt: skip
