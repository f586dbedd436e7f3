"""What `guiju frontrunner cycle …` and `guiju frontrunner certify …` do and print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guiju.api.typed import Here, one_named, opened
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.cli.console import console, language, say, table
from guiju.frontrunner.process import acting, certifying, doing, papers
from guiju.frontrunner.process.batch import apply_all, lines_of
from guiju.frontrunner.process.bodies import evidence_rows
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.cycle import Cycle
from guiju.frontrunner.process.doing import Application, Tools, tools_of
from guiju.frontrunner.process.interests import bind_enterprise
from guiju.frontrunner.process.seen import certificate_view, cycle_view
from guiju.frontrunner.process.states import CERTIFICATE_ACTS, CERTIFICATE_STATES, CYCLE_ACTS, CYCLE_STATES
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.store.acts import Act
from guiju.store.canonical import moment_text


def _tools(here: Here) -> Tools:
    return tools_of(here.store, Shelf())


def cycle_named(here: Here, word: str) -> str:
    """The identifier of a cycle: the newest that a word names."""
    return one_named(((held.id, (held.title,)) for held, _ in acting.cycles_for(here.store, here.who)), word)


def certificate_named(here: Here, word: str) -> str:
    held = certifying.certificates_for(here.store, here.who)
    return one_named(((h.id, (h.title, c.subject.standard if c.subject else h.title)) for h, c in held), word)


def _text_of(path: Path) -> str:
    """
    raises   Refused: file-missing, file-unreadable
    """
    if not path.exists():
        raise Refused([Diagnostic("file-missing", None, {"file": str(path)})])
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([Diagnostic("file-unreadable", None, {"file": str(path), "reason": str(error)})]) from None


def _possible(names: Sequence[str], acts: Mapping[str, Act]) -> None:
    said = ", ".join(f"{name} ({acts[name].title.text(language())})" for name in names)
    console().print(say(f"你现在可以：{said or '–'}", f"possible for you now: {said or '–'}"))


def _mark(is_illustrative: bool) -> None:
    if is_illustrative:
        console().print(say("示意：门槛、标准或数据中有自拟的。", "illustrative: thresholds, standard or data are made up."), style="yellow")


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


# cycles


def list_cycles(place: str, files: Path | None, who: str | None, as_json: bool) -> None:
    """Prints the cycles, the newest first."""
    with opened(place, files, who) as here:
        found = acting.cycles_for(here.store, here.who)
    if as_json:
        _json([{"id": c.id, "title": held.title, "state": c.state, "steps": c.number} for held, c in found])
    elif found:
        rows = [(held.title, CYCLE_STATES[c.state].text(language()), str(len(c.listed)), moment_text(held.created_at)[:10], c.id)
                for held, c in found]  # fmt: skip
        table("", (say("领域", "field"), say("状态", "state"), say("名单", "listed"), say("提出", "proposed"), say("标识", "id")), rows)
    else:
        console().print(say("没有。", "nothing."))


def show_cycle(place: str, files: Path | None, who: str | None, word: str, as_json: bool) -> None:
    """Prints what may be seen of a cycle."""
    with opened(place, files, who) as here:
        cycle, steps = acting.cycle_for(here.store, here.who, cycle_named(here, word))
        seen = cycle_view(here.store, cycle, steps, here.who)
    if as_json:
        _json(seen)
        return
    _cycle_said(cycle)
    _mark(cycle.is_illustrative)
    if seen["until"] and cycle.state == "publicity":
        console().print(say(f"公示到 {moment_text(seen['until'])}", f"publicity until {moment_text(seen['until'])}"))
    if seen["entries"]:
        rows = [(str(e["number"]), e["enterprise"], f"{e['standard']}-{e['edition']}", ", ".join(e["models"]), e["standing"], e["flagged"])
                for e in seen["entries"]]  # fmt: skip
        table(say("条目（次序没有意义）", "entries (their order means nothing)"), ("#", say("企业", "enterprise"), say("标准", "standard"),
              say("型号", "models"), say("状态", "standing"), say("变动", "changed")), rows)  # fmt: skip
    if seen["objections"]:
        decided = [(o["number"], o["entry"], o["ground"], o["decided"] or say("待处理", "open"), o["reason"],
                    say("未核实", "not verified") if o["unverified"] else say("账号", "account")) for o in seen["objections"]]  # fmt: skip
        heads = ("#", say("针对", "about"), say("依据", "ground"), say("处理", "decided"), say("理由", "reason"), say("身份", "identity"))
        table(say("异议", "objections"), heads, [tuple(map(str, row)) for row in decided])
    _possible(seen["possible"], CYCLE_ACTS)


def _cycle_said(cycle: Cycle) -> None:
    assert cycle.field is not None, "proposed"
    console().print(f"{cycle.field.scheme} {cycle.field.year}: {CYCLE_STATES[cycle.state].text(language())}  {cycle.id}")


def propose(place: str, files: Path | None, who: str | None, scheme: str, reason: str) -> None:
    with opened(place, files, who) as here:
        _cycle_said(doing.propose(here.store, here.who, _tools(here), scheme, reason))


def _brought(paths: Sequence[Path]) -> list[papers.Brought]:
    """
    raises   Refused: file-missing, file-unreadable; every one
    """
    problems, found = Problems(), []
    for path in paths:
        try:
            with path.open("rb") as stream:
                found.append(papers.Brought(path.name, stream.read(papers.BYTES_MAX + 1)))
        except FileNotFoundError:
            problems.add("file-missing", None, file=str(path))
        except OSError as error:
            problems.add("file-unreadable", None, file=str(path), reason=error.strerror or str(error))
    problems.refuse_errors()
    return found


def undertake(place: str, files: Path | None, who: str | None, word: str, entry: int, text: str, documents: Sequence[Path]) -> None:
    with opened(place, files, who) as here:
        held = papers.papers_of(_brought(documents))
        _cycle_said(acting.undertake(here.store, here.who, cycle_named(here, word), entry, text, {}, held))


def cycle_act(place: str, files: Path | None, who: str | None, word: str, name: str, said: Sequence[str]) -> None:
    with opened(place, files, who) as here:
        given = dict(each.partition("=")[::2] for each in said)
        _cycle_said(doing.step_cycle(here.store, here.who, _tools(here), cycle_named(here, word), name, given))


# certificates


def list_certificates(place: str, files: Path | None, who: str | None, as_json: bool) -> None:
    """Prints applications and certificates, the newest first."""
    with opened(place, files, who) as here:
        found = certifying.certificates_for(here.store, here.who)
        with here.store.reading() as connection:
            today = here.store.clock(connection).date()
    if as_json:
        _json([{"id": c.id, "title": held.title, "state": c.state_on(today), "steps": c.number} for held, c in found])
    elif found:
        rows = [(held.title, c.subject.enterprise if c.subject else "", CERTIFICATE_STATES[c.state_on(today)].text(language()),
                 moment_text(held.created_at)[:10], c.id) for held, c in found]  # fmt: skip
        table("", (say("标准", "standard"), say("企业", "enterprise"), say("状态", "state"), say("申请", "applied"), say("标识", "id")), rows)
    else:
        console().print(say("没有。", "nothing."))


def show_certificate(place: str, files: Path | None, who: str | None, word: str, as_json: bool) -> None:
    """Prints what may be seen of the process of a certificate."""
    with opened(place, files, who) as here:
        found, steps = certifying.certificate_for(here.store, here.who, certificate_named(here, word))
        seen = certificate_view(here.store, found, steps, here.who)
    if as_json:
        _json(seen)
        return
    _certificate_said(found, seen["state"])
    _mark(seen["illustrative"])
    if seen["evaluated"]:
        rows = [(name, str(each["level"]), f"{each['value']} {each['unit']}") for name, each in seen["evaluated"]["indicators"].items()]
        table(say(f"水平（{seen['evaluated']['rule']}）", f"levels ({seen['evaluated']['rule']})"), (say("指标", "indicator"), say("水平", "level"),
              say("值", "value")), rows)  # fmt: skip
        for each in seen["evaluated"]["why_not"]:
            console().print(f"  ✗ {each[language()]}")
    if seen["decision"] and seen["decision"]["granted"]:
        console().print(say("有效期", "valid") + f" {seen['decision']['valid_from']} – {seen['decision']['valid_until']}")
    for day in seen["overdue"]:
        console().print(say(f"监督：{day}", f"surveillance: {day}"))
    _possible(seen["possible"], CERTIFICATE_ACTS)


def _certificate_said(found: Certificate, state: str | None = None) -> None:
    subject = found.subject
    assert subject is not None, "applied for"
    console().print(f"{subject.standard}-{subject.edition}: {CERTIFICATE_STATES[state or found.state].text(language())}  {found.id}")


def apply(place: str, files: Path | None, who: str | None, asked: Application) -> None:
    with opened(place, files, who) as here:
        _certificate_said(doing.apply(here.store, here.who, _tools(here), asked))


def batch(
    place: str, files: Path | None, who: str | None, words: tuple[str, str, str], lines: Path, evidence_table: Path | None, illustrative: bool,
    all_: bool,
) -> None:  # fmt: skip
    """Applies for every line of a table, or says everything that is wrong with it; a dry run unless asked for all."""
    with opened(place, files, who) as here:
        found = lines_of(_text_of(lines), *words)
        rows = evidence_rows(_text_of(evidence_table)) if evidence_table is not None else ()
        made = apply_all(here.store, here.who, _tools(here), found, rows, illustrative=illustrative, dry=not all_)
    shown = [(str(m.line.row), m.line.asked.enterprise, m.line.asked.standard, str(m.models), str(m.evidence), m.id or "–") for m in made]
    heads = (say("行", "row"), say("企业", "enterprise"), say("标准", "standard"), say("型号", "models"), say("证据", "evidence"), say("标识", "id"))
    title = say("已申请", "applied for") if all_ else say("试做：没有问题，没有提交", "dry run: nothing is wrong, nothing was applied for")
    table(title, heads, shown)


def evidence(place: str, files: Path | None, who: str | None, word: str, given: Path, illustrative: bool, reports: Sequence[Path] = ()) -> None:
    with opened(place, files, who) as here:
        said = {"table": _text_of(given), **({"illustrative": "yes"} if illustrative else {})}
        brought = _brought(reports)
        named = certificate_named(here, word)
        _certificate_said(doing.step_certificate(here.store, here.who, _tools(here), named, "evidence", said, brought))


def certificate_step(place: str, files: Path | None, who: str | None, word: str, name: str, given: Mapping[str, str]) -> None:
    with opened(place, files, who) as here:
        _certificate_said(doing.step_certificate(here.store, here.who, _tools(here), certificate_named(here, word), name, given))


def enterprise(place: str, files: Path | None, who: str | None, code: str, organisation: str, zh: str, en: str) -> None:
    with opened(place, files, who) as here:
        bind_enterprise(here.store, here.who, code, Title(zh, en), organisation)
    console().print(f"{code} → {organisation}")
