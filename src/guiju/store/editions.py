"""Shelves of standards in the store: editions that are published once and never changed, each with everything it rests on.

An edition keeps the files it is read from, its own and those of the standards, properties and factors it rests on, by their hashes. So it means
the same on any day and with any later Guiju, whatever becomes of the shelf it was published from. A text that is put right under the same
number and edition is a further revision; the earlier ones stay.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, true, tuple_

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.standard.content import rests_on
from guiju.standard.document import BYTES_MAX
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Opened, Shelf, folded
from guiju.store.audit import append
from guiju.store.canonical import canonical, digest, new_id
from guiju.store.database import Store, add_once
from guiju.store.migrate import FIRST_ORGANISATION
from guiju.store.tables import document, edition, organisation, shelf

OWN_FILES = ("standard.yaml", "examples.yaml", "lock.yaml", "SOURCE.md")
"""What a folder of a standard holds."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition in the store.

    revision       1, and one more for each text put right under the same number and edition
    content_hash   of what it says and of all it rests on
    files          path → sha256, of every file it is read from; the first is its own standard.yaml
    """

    id: str
    shelf: str
    number: str
    edition: str
    revision: int
    content_hash: str
    title: Title
    files: Mapping[str, str] = field(repr=False)
    published_at: datetime
    published_by: str

    @property
    def folder(self) -> str:
        """Where its own files stand among `files`."""
        return next(iter(self.files)).rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of bringing a shelf in: numbers of standards."""

    published: tuple[str, ...]
    revised: tuple[str, ...]
    unchanged: tuple[str, ...]


# publishing


def make_shelf(store: Store, name: str, actor: str, *, title: str = "", of: str = FIRST_ORGANISATION, is_open: bool = True) -> str:
    """The identifier of the shelf of this name, made where there is none.

    is_open   whether everyone may read it, or only its organisation
    raises    Refused: unknown-organisation
    """
    with store.writing(alone=True) as connection:
        found = connection.execute(select(shelf.c.id).where(shelf.c.name == name)).scalar()
        if found is not None:
            return str(found)
        owner = connection.execute(select(organisation.c.id).where(organisation.c.name == of)).scalar()
        if owner is None:
            raise Refused([Diagnostic("unknown-organisation", None, {"name": of})])
        id_, now = new_id(), store.clock(connection)
        connection.execute(shelf.insert().values(id=id_, organisation=owner, name=name, title=title or name, open=is_open, created_at=now))
        append(connection, now, actor, "shelf.made", id_, {"name": name, "open": is_open})
        return id_


def publish(store: Store, found: Shelf, path: Path, into: str, actor: str, *, revise: bool = False) -> tuple[Edition, bool]:
    """The edition in a folder of a shelf of files, on the shelf of the store; and whether it is new there.

    into     the shelf's identifier, from `make_shelf`
    revise   whether another text under the same number and edition is taken as a revision
    raises   Refused: everything `guiju check` finds wrong; edition-exists
    """
    prepared = _prepare(found, path)
    with store.writing(alone=True) as connection:
        return _add(connection, store, prepared, into, actor, revise)


def import_shelf(store: Store, found: Shelf, into: str, actor: str, *, revise: bool = False) -> Imported:
    """Every standard of a shelf of files, in one transaction; those that are there with the same content are left alone.

    raises   Refused: everything wrong in any of them, edition-exists for each that reads otherwise than the one published; nothing is taken then
    """
    problems, prepared = Problems(), []
    for path in found.paths().values():
        try:
            prepared.append(_prepare(found, path))
        except Refused as refused:
            problems.extend(refused.diagnostics)
    problems.refuse_errors()
    became: dict[str, list[str]] = {"published": [], "revised": [], "unchanged": []}
    with store.writing(alone=True) as connection:
        for each in prepared:
            try:
                added, is_new = _add(connection, store, each, into, actor, revise)
            except Refused as refused:
                problems.extend(refused.diagnostics)
                continue
            became["unchanged" if not is_new else "revised" if added.revision > 1 else "published"].append(added.number)
        problems.refuse_errors()
    return Imported(**{word: tuple(numbers) for word, numbers in became.items()})


@dataclass(frozen=True, slots=True)
class _Prepared:
    number: str
    edition: str
    title: Title
    content_hash: str
    files: Mapping[str, bytes]


def _prepare(found: Shelf, path: Path) -> _Prepared:
    """A standard that is free of errors, with all its files; read from these files alone, it has the same content."""
    opened = _opened(found, path, None)[0]
    assert opened.standard is not None
    prepared = _Prepared(opened.standard.number, opened.standard.edition, opened.standard.title, opened.standard.content_hash, _needed(found, path))
    with _laid_out(prepared.files) as alone:
        again = alone.open(alone.folders[0].parent / next(iter(prepared.files))).standard
    assert again is not None and again.content_hash == prepared.content_hash, f"{prepared.number} rests on something that is not among its files"
    return prepared


def _opened(found: Shelf, path: Path, on: date | None, corrected: bool = False, snapshots: Sequence[Snapshot] = ()) -> tuple[Opened, Program]:
    opened, problems = found.open(path, on), Problems()
    problems.extend(opened.problems.found)
    if opened.standard is None:
        raise Refused(problems.found)
    program = check(opened.standard, on, found, problems, corrected, snapshots=snapshots)
    problems.refuse_errors()
    return opened, program


def _needed(found: Shelf, path: Path) -> dict[str, bytes]:
    """Every file a standard is read from, its own standard.yaml first, laid out as a shelf is."""
    files: dict[str, bytes] = {}
    waiting, seen = [path if path.is_dir() else path.parent], set[Path]()
    while waiting:
        folder = waiting.pop(0)
        if folder in seen:
            continue
        seen.add(folder)
        for own in (folder / name for name in OWN_FILES):
            if own.is_file() and own.stat().st_size <= BYTES_MAX:
                files[f"standards/{folder.parent.name}/{folder.name}/{own.name}"] = own.read_bytes()
        numbers = [number.text for number in rests_on(found.open(folder).document.root)]
        waiting += [p if p.is_dir() else p.parent for number in numbers if (p := found.locate(number)) is not None]
    for kind, folders in (("properties", found.dictionary_folders), ("factors", found.factor_folders)):
        for at, folder in enumerate(folders):
            files |= {f"{kind}/{at}-{each.name}": each.read_bytes() for each in sorted(folder.glob("*.yaml"))}
    for each in (folder / "editions.yaml" for folder in found.folders):
        if each.is_file():
            files.setdefault("standards/editions.yaml", each.read_bytes())
    return files


def _add(connection: Connection, store: Store, prepared: _Prepared, into: str, actor: str, revise: bool) -> tuple[Edition, bool]:
    earlier = [
        _edition(row)
        for row in connection.execute(
            select(edition).where(edition.c.shelf == into, edition.c.number == prepared.number, edition.c.edition == prepared.edition)
            .order_by(edition.c.revision)
        )
    ]  # fmt: skip
    same = [each for each in earlier if each.content_hash == prepared.content_hash]
    if same and same[-1] is earlier[-1]:
        return same[-1], False
    if earlier and not revise:
        facts = {"number": prepared.number, "edition": prepared.edition, "now": prepared.content_hash[:12], "held": earlier[-1].content_hash[:12]}
        raise Refused([Diagnostic("edition-exists", None, facts)])
    hashes = {path: digest(content) for path, content in prepared.files.items()}
    for path, hash_ in hashes.items():
        add_once(connection, document, {"sha256": hash_, "content": prepared.files[path]})
    id_, now, revision = new_id(), store.clock(connection), len(earlier) + 1
    row = {"id": id_, "shelf": into, "number": prepared.number, "edition": prepared.edition, "revision": revision,
           "content_hash": prepared.content_hash, "title_zh": prepared.title.zh, "title_en": prepared.title.en,
           "text_hash": next(iter(hashes.values())), "files": canonical([[path, hash_] for path, hash_ in hashes.items()]),
           "published_at": now, "published_by": actor}  # fmt: skip
    connection.execute(edition.insert().values(**row))
    told = {"number": prepared.number, "edition": prepared.edition, "revision": revision, "content": prepared.content_hash}
    append(connection, now, actor, "edition.published", id_, told)
    return Edition(id_, into, prepared.number, prepared.edition, revision, prepared.content_hash, prepared.title, hashes, now, actor), True


# finding


def _edition(row: object) -> Edition:
    held = row._mapping  # type: ignore[attr-defined]
    return Edition(held["id"], held["shelf"], held["number"], held["edition"], held["revision"], held["content_hash"],
                   Title(held["title_zh"], held["title_en"]), dict(json.loads(held["files"])), held["published_at"],
                   held["published_by"])  # fmt: skip


def editions(store: Store, words: Sequence[str] = (), *, shelves: Iterable[str] | None = None, latest: bool = True,
             after: tuple[str, str] = ("", ""), limit: int | None = None) -> list[Edition]:  # fmt: skip
    """Editions whose number or title has all the words, by number; a page begins after the (number, id) of the last of the page before.

    shelves   identifiers of the shelves that may be seen; None: all
    latest    only the last revision of each edition
    """
    query = select(edition).order_by(edition.c.number, edition.c.id).where(tuple_(edition.c.number, edition.c.id) > tuple_(*after)).limit(limit)
    for word in words:
        like = "%" + word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(func.lower(edition.c.number + " " + edition.c.title_zh + " " + edition.c.title_en).like(like, escape="\\"))
    if shelves is not None:
        query = query.where(edition.c.shelf.in_(list(shelves)))
    if latest:
        other = edition.alias()
        newer = select(other.c.id).where(other.c.shelf == edition.c.shelf, other.c.number == edition.c.number,
                                         other.c.edition == edition.c.edition, other.c.revision > edition.c.revision)  # fmt: skip
        query = query.where(~newer.exists())
    with store.reading() as connection:
        return [_edition(row) for row in connection.execute(query)]


def edition_named(store: Store, word: str, shelves: Sequence[str] | None = None) -> Edition:
    """The edition of an identifier, or the last revision of a number as it is written on a shelf.

    shelves   identifiers of those looked on; None: all
    raises    Refused: unknown-edition
    """
    seen = true() if shelves is None else edition.c.shelf.in_(shelves)
    with store.reading() as connection:
        wanted = (edition.c.id == word) | (edition.c.number == word)
        found = [_edition(row) for row in connection.execute(select(edition).where(wanted, seen).order_by(edition.c.published_at, edition.c.id))]
        if found:
            return found[-1]
        known = connection.execute(select(edition.c.number).where(seen).distinct()).scalars().all()
    near = [number for number in known if folded(number) == folded(word)]
    if len(near) == 1:
        return edition_named(store, near[0], shelves)
    raise Refused([Diagnostic("unknown-edition", None, {"name": word, **did_you_mean(word, known)})])


def editions_of(store: Store, ids: Iterable[str]) -> dict[str, Edition]:
    """Identifier → the edition."""
    with store.reading() as connection:
        return {row.id: _edition(row) for row in connection.execute(select(edition).where(edition.c.id.in_(set(ids))))}


def shelves_seen_by(store: Store, organisations: Iterable[str]) -> list[str]:
    """Shelves that are open to everyone, and those of some organisations."""
    with store.reading() as connection:
        return list(connection.execute(select(shelf.c.id).where(shelf.c.open | shelf.c.organisation.in_(list(organisations)))).scalars())


# reading


@contextmanager
def opened_shelf(store: Store, held: Edition) -> Iterator[tuple[Shelf, Path]]:
    """An edition as a shelf of files, with the folder of the standard, for as long as the context lasts; nothing else is on that shelf.

    raises   Refused: edition-altered, where a file's content is not what it was when published
    """
    with store.reading() as connection:
        rows = connection.execute(select(document).where(document.c.sha256.in_(set(held.files.values()))))
        found = {row.sha256: row.content for row in rows}
    files = {path: _bytes(found.get(hash_, b"")) for path, hash_ in held.files.items()}
    altered = [path for path, content in files.items() if digest(content) != held.files[path]]
    if altered:
        raise Refused([Diagnostic("edition-altered", None, {"number": held.number, "file": path}) for path in altered])
    with _laid_out(files) as shelf_of_files:
        yield shelf_of_files, shelf_of_files.folders[0].parent / held.folder


def own_files(store: Store, held: Edition) -> dict[str, bytes]:
    """Name → content of the files of an edition's own folder.

    raises   Refused: edition-altered
    """
    own = {path.rpartition("/")[2]: hash_ for path, hash_ in held.files.items() if path.rpartition("/")[0] == held.folder}
    with store.reading() as connection:
        rows = connection.execute(select(document).where(document.c.sha256.in_(set(own.values()))))
        found = {row.sha256: _bytes(row.content) for row in rows}
    files = {name: found.get(hash_, b"") for name, hash_ in own.items()}
    altered = [name for name, content in files.items() if digest(content) != own[name]]
    if altered:
        raise Refused([Diagnostic("edition-altered", None, {"number": held.number, "file": name}) for name in altered])
    return files


def _bytes(content: object) -> bytes:
    """What a column holds; SQLite gives a text where somebody put one."""
    return content.encode() if isinstance(content, str) else bytes(content)  # type: ignore[call-overload]


@contextmanager
def _laid_out(files: Mapping[str, bytes]) -> Iterator[Shelf]:
    with tempfile.TemporaryDirectory(prefix="guiju-edition-") as name:
        root = Path(name)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        yield Shelf((root / "standards",), shipped=False)


def program_of(store: Store, held: Edition, on: date | None = None, *, corrected: bool = False, snapshots: Sequence[Snapshot] = ()
               ) -> tuple[Program, Shelf]:  # fmt: skip
    """What an edition means on a date, and the shelf whose dictionary it is read with. The same for ever: it may be kept in memory.

    raises   Refused: edition-altered, edition-read-otherwise, and what `check` finds
    """
    with opened_shelf(store, held) as (found, folder):
        _, program = _opened(found, folder, on, corrected, snapshots)
        found.editions()  # read while its files are there: whoever asks later asks of what was kept with the edition
    if program.content_hash != held.content_hash:
        facts = {"number": held.number, "said": held.content_hash[:12], "found": program.content_hash[:12]}
        raise Refused([Diagnostic("edition-read-otherwise", None, facts)])
    return program, found
