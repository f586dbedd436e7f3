"""The page of recognition: what remains to be shown in one region of what was passed in another, and whether one standard is enough everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from guiju.align.avoided import Avoided
from guiju.align.brought import File, catalogues, tests_of
from guiju.align.commands.recognised import Asking, Recognised, recognised_json, recognition_of
from guiju.align.commands.sufficing import Sufficing, suffices_json, sufficiency_of
from guiju.align.pages.paged import (
    Folders,
    Found,
    as_data,
    asked_apart,
    assumptions,
    body,
    downloaded,
    downloads,
    named,
    not_yet,
    options,
    shelf_of,
    subjects,
    try_url,
)
from guiju.align.plain import numbers_of, witness_plain
from guiju.align.plan_page import money
from guiju.align.recognise_report import recognised_report, sufficing_report
from guiju.align.recognition import DONE, Recognition, Standing
from guiju.align.rules import load_rules
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.console import speaking
from guiju.readings.smt.answers import Proved, Refuted
from guiju.standard.regions import load_regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf, data_folder
from guiju.web.apart import Answer, Tell
from guiju.web.asking import Asked, asked
from guiju.web.naming import regions
from guiju.web.opening import library_of
from guiju.web.rendering import render

EXAMPLE = "recorder"
"""The worked example: three made-up regions that ask something of driving recorders."""
WORTH = (
    ((("passed", "GB/T 19056-2012"), ("asked", "GB/T 19056-2021")), "行驶记录仪：通过了旧版，新版还要什么",
     "driving recorders: the older edition was passed"),
    ((("passed", "工信部联通装〔2021〕97号"), ("from", "CN-32"), ("asked", "工信部联通装〔2021〕97号"), ("in", "CN-33")),
     "道路测试：在江苏通过，到浙江还要什么（第十三条）", "road tests: passed in Jiangsu, asked in Zhejiang (article 13)"),
    ((("passed", "工信部联通装〔2021〕97号"), ("asked", "上海路测2018"), ("in", "CN-31")), "道路测试：规则如何看待上海的附加项目",
     "road tests: what the rule makes of Shanghai's own clauses"),
)  # fmt: skip


def example_folder() -> Path:
    return data_folder() / "examples" / "align" / "recorder" / "standards"


def _asking(folders: Folders, options_: tuple[Any, ...]) -> Asking:
    subject, on, rule, treat_as, any_method, tests = options_
    return Asking((), subject, on, rule, treat_as, any_method, None, None, tests, True, shelf_of(folders))


@lru_cache(8)
def _recognised(folders: Folders, passed: tuple[str, ...], wanted: tuple[str, ...], where: str | None, come_from: str | None,
                options_: tuple[Any, ...]) -> tuple[Recognised, Asking]:  # fmt: skip
    asking = _asking(folders, options_)
    return recognition_of(passed, wanted, asking, asked_in=where, passed_in=come_from), asking


@lru_cache(8)
def _sufficing(folders: Folders, passed: str, places: tuple[str, ...], options_: tuple[Any, ...]) -> tuple[Sufficing, Asking]:
    asking = _asking(folders, options_)
    return sufficiency_of(passed, places, asking), asking


def recognised_found(tell: Tell, folders: Folders, passed: tuple[str, ...], wanted: tuple[str, ...], where: str | None,
                     come_from: str | None, options_: tuple[Any, ...], language: Language) -> Found:  # fmt: skip
    """In the process apart: what remains to be shown.

    options_   subject, day, rule, assumptions, any_method, catalogue of tests
    raises     Refused, as `recognition_of`
    """
    with speaking(language):
        tell(0, 2)
        made, asking = _recognised(folders, passed, wanted, where, come_from, options_)
        return Found(recognised_report(made, asking, language), recognised_json(made, asking), _shown(made.found, asking, made.saved))


def sufficing_found(tell: Tell, folders: Folders, passed: str, places: tuple[str, ...], options_: tuple[Any, ...],
                    language: Language) -> Found:  # fmt: skip
    """In the process apart: whether one standard is enough in these regions; in all of them where none is named.

    raises   Refused, as `sufficiency_of`
    """
    with speaking(language):
        tell(0, 2)
        made, asking = _sufficing(folders, passed, places, options_)
        every = [each for one in made.found for each in one.found]
        shown = _shown(every, asking, None) | {
            "enough": sum(isinstance(one.answer, Proved) for one in made.found), "places": len(made.found), "quiet": len(made.quiet),
        }  # fmt: skip
        return Found(sufficing_report(made, asking, language), suffices_json(made, asking), shown)


def _shown(found: Sequence[Recognition], asking: Asking, saved: Avoided | None) -> dict[str, Any]:
    """The counts a reader wants first, and products to try."""
    must = [f for each in found for f in each.findings if f.must]
    tried = []
    for each in found:
        for f in each.findings:
            witness = f.answer.witness if isinstance(f.answer, Refuted) else None
            if witness is not None and f.must and f.standing not in DONE:
                plain = witness_plain(witness, [(len(witness.evaluations) - 1, f.no)], numbers_of(witness))
                tried.append({"no": f.no, "standard": each.program.standard.number, "judged": plain["judged"][-1]})
    return {
        "recognised": sum(f.standing in DONE for f in must), "by_rule": sum(f.standing is Standing.RECOGNISED and f.ground == "rule" for f in must),
        "remaining": sum(len(each.remaining) for each in found), "barriers": sum(f.standing is Standing.BARRIER for f in must),
        "again": sum(f.standing is Standing.RECOGNISED for each in found for f in each.barriers), "tried": tried,
        "saved": None if saved is None else _saved_plain(saved, asking),
    }  # fmt: skip


def _saved_plain(saved: Avoided, asking: Asking) -> dict[str, Any]:
    made_up = asking.catalogue is not None and asking.catalogue.illustrative
    return {"tests": saved.tests, "cost": money(saved.cost), "days": decimal_text(saved.days), "illustrative": made_up}


# the pages


def recognising(request: Request) -> Response:
    """What remains of `?asked=` or `?in=` for whoever passed `?passed=`; with `?everywhere=` whether it is enough in every region."""
    who = asked(request)
    if not who.many("passed"):
        return render(request, "align/recognise.html", found=None, tests=None, **_form(who))
    found, tests = _found(who)
    if found.value is None:
        return not_yet(request, found)
    made: Found = found.value
    held = library_of(who).paths
    tried = [each for each in made.shown["tried"] if each["standard"] in held]
    return render(
        request, "align/recognise.html", found=made, shown=made.shown, tests=tests, tried=tried, try_url=try_url, body=body(who, made.report),
        downloads=downloads(who, "/recognise"), **_form(who),
    )  # fmt: skip


def recognising_json(request: Request) -> Response:
    """The same as plain values; 202 while it is being proved."""
    found, _ = _found(asked(request))
    return as_data(found)


def recognised_file(request: Request, ending: str) -> Response:
    """The report as a file."""
    found, _ = _found(asked(request))
    return not_yet(request, found) if found.value is None else downloaded(found.value, ending, "recognition")


def _found(who: Asked) -> tuple[Answer, File | None]:
    """raises   Refused: align-unknown, recognise-no-rule, not-a-date, records-gone, what `recognition_of` and `sufficiency_of` refuse"""
    is_example = who.one("example") == EXAMPLE
    more = _example_words() if is_example else ()
    folders = (example_folder(),) if is_example else ()
    passed, tests = tuple(named(who, who.many("passed"), more)), tests_of(who)
    day = who.on.isoformat() if who.on else None
    options_ = (who.one("subject") or None, day, _rule(who), assumptions(who), bool(who.one("any_method")), tests.path if tests else None)
    if who.one("everywhere"):
        places = tuple(named(who, who.many("in"), more, 40))
        return asked_apart(who, sufficing_found, passed[0], places, options_, files=[tests], before=folders), tests
    wanted = tuple(named(who, who.many("asked"), more))
    where, come_from = (_region(who, name, more) for name in ("in", "from"))
    return asked_apart(who, recognised_found, passed, wanted, where, come_from, options_, files=[tests], before=folders), tests


def _region(who: Asked, name: str, more: Sequence[str]) -> str | None:
    word = who.one(name)
    if not word:
        return None
    return word if word in more else regions().named(word).code


def _example_words() -> tuple[str, ...]:
    shelf, every = Shelf((example_folder(),)), (example_folder().parent / "regions", data_folder() / "regions")
    return (*shelf.numbers(), *(code for code in load_regions(every).held if code not in regions().held))


def _rules(who: Asked) -> list[Any]:
    return list(load_rules(who.shelf, regions()))


def _rule(who: Asked) -> str | None:
    """raises   Refused: recognise-no-rule"""
    word, known = who.one("rule"), [rule.name for rule in _rules(who)]
    if word and word != "none" and word not in known:
        raise Refused([Diagnostic("recognise-no-rule", None, {"name": word, **did_you_mean(word, known)})])
    return word or None


def _catalogues(who: Asked) -> list[str]:
    """The bundled catalogues; that of the example asks for properties that only it has."""
    return [name for name in catalogues() if name != EXAMPLE or who.one("example") == EXAMPLE]


def _form(who: Asked) -> dict[str, Any]:
    rules = [(rule.name, rule.title.text(who.language)) for rule in _rules(who)]
    return {"options": options(who), "subjects": subjects(who), "rules": rules, "catalogues": _catalogues(who), "worth": WORTH}
