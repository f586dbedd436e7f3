"""`guiju frontrunner consultation …`: drafts out for comments, from the proposal to the edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from guiju.cli.commands import AsJson, Overwrite
from guiju.store.commands import HERE, Files, Place, Who

if TYPE_CHECKING:
    from guiju.frontrunner.authoring.consultation import Consultation

Draft = Annotated[str, typer.Argument(metavar="DRAFT", help="标识、其末尾，或标准号（最新的）· id, how it ends, or its standard: the newest")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="有 standard.yaml 与 examples.yaml 的文件夹 · folder of the draft")]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="内容 · what is said")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="说明 · what it is for")]


def add(root: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="草案征求意见：提出、意见、答复、审查、发布 · drafts out for comments")
    faces: dict[str, Callable[..., None]] = {
        "list": list_drafts, "show": show, "propose": propose, "comment": comment, "answer": answer, "revise": revise, "act": act, "publish": publish,
        "report": report,
    }  # fmt: skip
    for name, face in faces.items():
        group.command(name)(face)
    root.add_typer(group, name="consultation")


def list_drafts(as_json: AsJson = False, place: Place = HERE, files: Files = None) -> None:
    """列出草案 · the drafts there are."""
    import json

    from guiju.cli.console import language, say, table
    from guiju.frontrunner.authoring.consultation import STATES, consultations

    with _opened(place, files, None) as (store, _):
        held = consultations(store)
        if as_json:
            print(json.dumps([_plain(each) for each in held], ensure_ascii=False, indent=1))
            return
        header = (say("标识", "id"), say("标准", "standard"), say("状态", "state"), say("意见", "comments"), say("未答复", "unanswered"))
        rows = [
            (e.id[-8:], e.standard, STATES[e.state].text(language()), str(len(e.comments)), str(len(e.unanswered))) for e in held
        ]  # fmt: skip
        table("", header, rows, (3, 4))


def show(draft: Draft, as_json: AsJson = False, place: Place = HERE, files: Files = None) -> None:
    """一份草案：状态、意见、答复 · one draft: its state, comments and answers."""
    import json

    from guiju.cli.console import console, language, say, table
    from guiju.frontrunner.authoring.consultation import STATES, VERDICTS, consultation_of

    with _opened(place, files, None) as (store, _):
        held, _ = consultation_of(store, _named(store, draft))
        if as_json:
            print(json.dumps(_plain(held), ensure_ascii=False, indent=1))
            return
        console().print(f"{held.standard} {held.title.text(language())}: {STATES[held.state].text(language())}")
        header = (say("编号", "no."), say("条款", "clause"), say("意见", "comment"), say("处理", "decision"), say("答复", "answer"))
        table("", header, [
            (str(e.number), e.clause, e.text, VERDICTS[e.verdict].text(language()) if e.verdict else "–", e.answer or "–") for e in held.comments
        ])  # fmt: skip


def propose(
    folder: Folder, reason: Reason, base: Annotated[str, typer.Option("--base", metavar="STANDARD", help="改自 · made from")] = "", who: Who = None,
    place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """提出草案，征求意见 · put a draft out for comments."""
    from guiju.frontrunner.authoring import consultation as c
    from guiju.standard.shelf import Shelf

    with _opened(place, files, who) as (store, asker):
        _said(c.propose(store, asker, Shelf(), base, *_texts(folder), reason, _basis(folder)))


def revise(draft: Draft, folder: Folder, reason: Reason, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """换上修改过的文本，意见保留 · another text in its place; the comments stay."""
    from guiju.frontrunner.authoring import consultation as c
    from guiju.standard.shelf import Shelf

    with _opened(place, files, who) as (store, asker):
        _said(c.revise(store, asker, Shelf(), _named(store, draft), *_texts(folder), reason, _basis(folder)))


def comment(
    draft: Draft, text: Text, clause: Annotated[str, typer.Option("--clause", metavar="NO", help="条款；默认全文 · default: all of it")] = "",
    who: Who = None, place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """对一条提意见 · comment on a clause."""
    from guiju.frontrunner.authoring import consultation as c

    with _opened(place, files, who) as (store, asker):
        _said(c.comment(store, asker, _named(store, draft), clause or c.GENERAL, text))


def answer(
    draft: Draft, number: Annotated[int, typer.Argument(min=1, metavar="COMMENT", help="意见的编号 · number of the comment")], text: Text,
    verdict: Annotated[str, typer.Option("--verdict", metavar="WORD", help="accepted partly rejected")], who: Who = None, place: Place = HERE,
    files: Files = None,
) -> None:  # fmt: skip
    """答复一条意见 · answer a comment."""
    from guiju.frontrunner.authoring import consultation as c

    with _opened(place, files, who) as (store, asker):
        _said(c.answer(store, asker, _named(store, draft), number, verdict, text))


def act(
    draft: Draft, name: Annotated[str, typer.Argument(metavar="ACT", help="submit send-back approve withdraw")], who: Who = None,
    place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """送审、退回、通过或撤回 · submit, send back, approve or withdraw."""
    from guiju.frontrunner.authoring import consultation as c

    with _opened(place, files, who) as (store, asker):
        _said(c.do(store, asker, _named(store, draft), name))


def publish(draft: Draft, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """发布通过的文本，成为仓库中的一个版本 · publish what was approved, as an edition of the store."""
    from guiju.frontrunner.authoring import consultation as c
    from guiju.standard.shelf import Shelf

    with _opened(place, files, who) as (store, asker):
        _said(c.publish_draft(store, asker, Shelf(), _named(store, draft))[0])


@contextmanager
def _opened(place: str, files: Path | None, who: str | None) -> Iterator[tuple[Any, Any]]:
    from guiju.api.typed import opened

    with opened(place, files, who) as here:
        yield here.store, here.who


def _named(store: Any, word: str) -> str:
    """
    raises   Refused: unknown-process
    """
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.frontrunner.authoring.consultation import consultations

    held = consultations(store)
    found = next((e.id for e in held if word in (e.id, e.standard) or (len(word) >= 6 and e.id.endswith(word))), None)
    if found is None:
        hint = {"hint_zh": "`guiju frontrunner consultation list` 列出全部", "hint_en": "`guiju frontrunner consultation list` lists them"}
        raise Refused([Diagnostic("unknown-process", None, {"name": word, **hint})])
    return found


def _texts(folder: Path) -> tuple[str, str]:
    """
    raises   Refused: file-unreadable
    """
    from guiju.base.diagnostics import Diagnostic, Refused

    texts = []
    for name in ("standard.yaml", "examples.yaml"):
        try:
            texts.append((folder / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Refused([Diagnostic("file-unreadable", None, {"file": str(folder / name), "reason": reason})]) from None
    return texts[0], texts[1]


def _basis(folder: Path) -> dict[str, Any] | None:
    """What `guiju frontrunner draft --out` wrote beside the draft; None where there is none.

    raises   Refused: draft-basis
    """
    import json

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.frontrunner.authoring.basis import BYTES_MAX, read_basis

    file = folder / "basis.json"
    if not file.is_file():
        return None
    try:
        content = file.read_bytes()
        return read_basis(json.loads(content, parse_float=str)) if len(content) <= BYTES_MAX else read_basis(())
    except (OSError, ValueError, RecursionError):
        raise Refused([Diagnostic("draft-basis", None, {"name": file.name})]) from None


def report(
    draft: Draft, to: Annotated[Path, typer.Option("--to", metavar="FILE", help="文件 .pdf .docx .html .xlsx .md · a report, by the ending")],
    overwrite: Overwrite = False, place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """打印：总体、方法、界限、谁在哪一级、影响、意见与答复、审查 · the draft printed for the meeting, with its comments and answers."""
    from guiju.cli.console import language, written
    from guiju.frontrunner.authoring.consultation import consultation_of
    from guiju.frontrunner.authoring.heard import consultation_report
    from guiju.report.cited import engine
    from guiju.report.written import save
    from guiju.standard.shelf import Shelf
    from guiju.store.people import account_names

    with _opened(place, files, None) as (store, _):
        held, steps = consultation_of(store, _named(store, draft))
        names = account_names(store, sorted({each.actor for each in steps}))
        save(consultation_report(Shelf(), held, steps, names, language(), engine()), to, overwrite=overwrite)
    written(to)


def _said(held: Consultation) -> None:
    from guiju.cli.console import console, language, say
    from guiju.frontrunner.authoring.consultation import STATES

    state = STATES[held.state].text(language())
    edition = say(f"，版本 {held.edition}", f", edition {held.edition}") if held.edition else ""
    console().print(f"{held.id[-8:]} {held.standard}: {state}{edition}")


def _plain(held: Consultation) -> dict[str, Any]:
    return {
        "id": held.id, "standard": held.standard, "title": {"zh": held.title.zh, "en": held.title.en}, "state": held.state, "base": held.base,
        "content_hash": held.content_hash, "illustrative": held.illustrative, "edition": held.edition or None,
        "comments": [{"number": e.number, "clause": e.clause, "text": e.text, "verdict": e.verdict or None, "answer": e.answer or None}
                     for e in held.comments],
    }  # fmt: skip
