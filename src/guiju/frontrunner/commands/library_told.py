"""What the commands of libraries do, and what they print."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import typer

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import Exit, console, language, progress, say, show, table, written
from guiju.frontrunner.library.changes import Changes, changes_json
from guiju.frontrunner.library.form_check import form_check, form_json
from guiju.frontrunner.library.importing import Placed, import_set
from guiju.frontrunner.library.kept import bring, libraries, library_of, register_enterprises, revisions
from guiju.frontrunner.library.library import Library, read_library
from guiju.frontrunner.library.quality import as_json as quality_json
from guiju.frontrunner.library.told_library import ILLUSTRATIVE, TITLES, formed_rows, quality_report, severity
from guiju.report import written as reports
from guiju.standard.shelf import Shelf
from guiju.store.database import Store, store_at
from guiju.store.migrate import require_current
from guiju.store.people import organisation_named
from guiju.store.printed import actor


@contextmanager
def _store(place: str, files: Path | None) -> Iterator[Store]:
    store = store_at(place, files)
    try:
        yield require_current(store)
    finally:
        store.close()


def today() -> date:
    return datetime.now(UTC).date()


def made(set_: str, file: Path | None, to: str, published: str | None, cites: Sequence[str], methods: Mapping[str, str], as_json: bool) -> None:
    """A public set as a library in a new folder."""
    if file is None or not to:
        raise Refused([Diagnostic("library-import-lacks", None, {"what": "FILE" if file is None else "--to"})])
    imported, library = import_set(set_, file, Path(to), Shelf().dictionary, Placed(as_of(published), tuple(cites), methods))
    if as_json:
        print(json.dumps({"folder": to, "hash": library.hash, "quality": quality_json(library.quality)}, ensure_ascii=False, indent=1))
        return
    show(imported.diagnostics)
    _print(library)
    written(Path(to))


def brought(path: Path, name: str, own: Sequence[str] | None, mapping: Path | None, dry: bool, as_json: bool, place: str, files: Path | None) -> None:
    """A library taken into the store."""
    name = name or path.stem
    with _store(place, files) as store, progress(say("读取标准库", "reading the library")) as tell:
        found = bring(store, name, path, Shelf().dictionary, actor(), own=own or None, mapping=mapping, dry=dry, progress=tell)
    if as_json:
        told = {"name": found.library.name, "revision": found.entry.revision if found.entry else None, "hash": found.library.hash,
                "changes": changes_json(found.changes) if found.changes else None, "quality": quality_json(found.library.quality)}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _print(found.library)
    if found.changes is not None:
        _print_changes(found.changes)
    if found.entry is not None:
        console().print(say(f"收入为「{name}」第 {found.entry.revision} 版", f"kept as {name}, revision {found.entry.revision}"))
    elif dry:
        console().print(say("试运行：没有收入", "a dry run: nothing was kept"))
    else:
        console().print(say("与最新一版相同，没有收入", "the same as the newest revision: nothing was kept"))


def listed(as_json: bool, place: str, files: Path | None) -> None:
    """All libraries of the store."""
    with _store(place, files) as store:
        found = libraries(store)
    if as_json:
        held = [{"name": each.name, "revision": each.revision, "hash": each.hash, "rows": dict(each.rows), "illustrative": each.illustrative}
                for each in found]  # fmt: skip
        print(json.dumps(held, ensure_ascii=False, indent=1))
    elif not found:
        console().print(say("仓库中没有标准库；guiju frontrunner import 收入一个", "no library in the store; guiju frontrunner import takes one"))
    else:
        header = (say("名称", "name"), say("版", "revision"), *(TITLES[name].text(language()) for name in TITLES), say("哈希", "hash"), "")
        mark = say("示意", "illustrative")
        rows = [(e.name, str(e.revision), *(f"{e.rows[n]:,}" for n in TITLES), e.hash[:16], mark if e.illustrative else "") for e in found]
        table("", header, rows, (1, 2, 3, 4, 5))


def registered(whose: Mapping[str, str], place: str, files: Path | None) -> None:
    """Which organisation declares for which enterprises, from now on."""
    with _store(place, files) as store:
        named = {code: organisation_named(store, word) for code, word in whose.items()}
        for organisation in sorted(set(named.values())):
            register_enterprises(store, [code for code, held in named.items() if held == organisation], organisation, actor())
    console().print(say(f"登记了 {len(named)} 家企业", f"registered {len(named)} enterprises"))


def shown(what: str, revision: int | None, mapping: Path | None, out: Path | None, as_json: bool, place: str, files: Path | None) -> None:
    """A library, of the store or of a file: its quality, and of the store its revisions."""
    library = _library(what, revision, mapping, place, files)
    if as_json:
        print(json.dumps({"name": library.name, "hash": library.hash, "quality": quality_json(library.quality)}, ensure_ascii=False, indent=1))
    else:
        _print(library)
        if not Path(what).exists():
            with _store(place, files) as store:
                rows = [
                    (str(e.revision), e.created_at.isoformat(" ", "seconds"), e.created_by, e.source, e.hash[:16]) for e in revisions(store, what)
                ]
            table(
                say("各版", "revisions"),
                (say("版", "revision"), say("收入", "kept"), say("由", "by"), say("文件", "file"), say("哈希", "hash")),
                rows,
                (0,),
            )
    if out is not None:
        _write(library, out)
    if library.quality.errors:
        raise typer.Exit(Exit.FAILS)


def _write(library: Library, out: Path) -> None:
    if out.suffix.lower() == ".json":
        reports.ready_at(out, False)
        out.write_text(json.dumps(quality_json(library.quality), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    else:
        reports.ready(out, False)
        reports.save(quality_report(library, language(), today()), out)
    written(out)


def _library(what: str, revision: int | None, mapping: Path | None, place: str, files: Path | None) -> Library:
    path = Path(what)
    if path.exists():
        with progress(say("读取标准库", "reading the library")) as tell:
            return read_library(path, Shelf().dictionary, mapping=mapping, progress=tell)
    with _store(place, files) as store:
        return library_of(store, what, revision)


def formed(
    what: str, revision: int | None, on: str | None, cites: Sequence[str], methods: Mapping[str, Sequence[str]], as_json: bool, place: str,
    files: Path | None,
) -> None:  # fmt: skip
    """The form check of every standard of a library."""
    library = _library(what, revision, None, place, files)
    day = as_of(on) or today()
    found = form_check(library.standards.values(), Shelf().editions(), day, cites=cites, methods=methods, others=library.standards)
    barred = sum(not each.passes for each in found)
    if as_json:
        print(json.dumps(form_json(found), ensure_ascii=False, indent=1))
    else:
        header = (say("标准", "standard"), say("企业", "enterprise"), say("理由", "reasons"))
        table(say(f"格式审查，按 {day}", f"form check, as of {day}"), header, formed_rows(found, language()))
        console().print(say(f"{len(found)} 个标准，{barred} 个不能参评", f"{len(found)} standards, {barred} of them barred"), style="bold")
    raise typer.Exit(Exit.FAILS if barred else Exit.OK)


def _print(library: Library) -> None:
    """The quality: problems on standard error as everywhere, then tables and columns."""
    found = library.quality
    show(found.diagnostics)
    console().print(say(f"标准库「{library.name}」  sha256 {library.hash[:16]}", f"library {library.name}  sha256 {library.hash[:16]}"), style="bold")
    if library.illustrative:
        console().print(say(*ILLUSTRATIVE))
    rows = [
        (TITLES[each.name].text(language()), f"{each.rows:,}", c.header or "–", c.name, f"{c.filled:,}", f"{c.missing:,}", f"{c.bad:,}")
        for each in found.tables
        for c in each.columns
        if c.header
    ]
    header = (
        say("表", "table"),
        say("行", "rows"),
        say("列", "column"),
        say("是", "holds"),
        say("填写", "filled"),
        say("空缺", "missing"),
        say("读不懂", "unreadable"),
    )
    table("", header, rows, (1, 4, 5, 6))
    kinds = [(code, severity(code, language()), f"{count:,}") for code, count in found.counts.items()]
    if kinds:
        table(say("问题", "problems"), (say("种类", "kind"), say("轻重", "severity"), say("数", "count")), kinds, (2,))


def _print_changes(found: Changes) -> None:
    def keys(held: tuple[tuple[str, str], ...]) -> str:
        return ", ".join(f"{number}-{edition}" for number, edition in held) or "–"

    rows = [
        (say("新标准", "standards added"), keys(found.added)), (say("修订", "revised"), keys(found.revised)),
        (say("不再现行", "no longer current"), keys(found.withdrawn)),
        (say("产品", "products"), f"+{found.products[0]:,} −{found.products[1]:,}"),
        *((name, say(f"{count:,} 个值变了", f"values changed: {count:,}")) for name, count in found.values.items()),
    ]  # fmt: skip
    table(say("与上一版比", "since the revision before"), ("", ""), rows)
