"""A library imported by a job is the library imported at once; ended, killed or refused on the way it is no library; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from guiju.api.asker import Asker
from guiju.app import kinds
from guiju.base.diagnostics import Refused
from guiju.frontrunner.library import uploading
from guiju.frontrunner.library.changes import changes_json
from guiju.frontrunner.library.kept import Brought, bring, enterprises_of, libraries, library_of, register_enterprises, revisions
from guiju.frontrunner.library.quality import as_json
from guiju.frontrunner.library.uploading import bring_upload
from guiju.frontrunner.library.work import KIND, Importing, library_import, place_of
from guiju.store.database import Store
from guiju.store.files import sweep
from guiju.store.jobs import Job, cancel, job_of, pieces_of, resume, submit
from guiju.store.kinds.work import Kind
from guiju.store.migrate import make_store
from guiju.store.people import make_organisation, organisation_named
from guiju.store.replay import replay
from guiju.store.results import Outcome, Request, Result, result_of
from guiju.store.uploads import Upload
from guiju.store.verification import verify_store
from guiju.store.worker import Worker
from library_cases import A, Tables, as_csv, as_parquet, as_workbook, dictionary, tables
from store.stores import Places
from store.test_crash import killed, started

LIMIT = 64 << 20
MAPPING = b"guiju: 1\nkey: product\ninputs:\n  vehicle.mass.curb: {column: '\xe6\x95\xb4\xe5\xa4\x87\xe8\xb4\xa8\xe9\x87\x8f(kg)'}\n"


def operator(store: Store, role: str = "operator", of: str = "local") -> Asker:
    whose = organisation_named(store, of)
    return Asker("test", "test", "", whose, {whose: frozenset({role})}, "key")


def packed(folder: Path) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        for path in sorted(folder.iterdir()):
            parts.write(path, path.name)
    return made.getvalue()


def sent(store: Store, user: Asker, file: tuple[str, bytes], mapping: bytes | None = None, dry: bool = False) -> Brought | Job:
    held = Upload("words.yaml", BytesIO(mapping)) if mapping is not None else None
    return bring_upload(store, user, Upload(file[0], BytesIO(file[1])), held, dictionary(), limit=LIMIT, name="cars", dry=dry)


@pytest.fixture
def by_job(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Sends a library that counts as large."""

    def send(*asked: Any, **more: Any) -> Job:
        with monkeypatch.context() as patched:
            patched.setattr(uploading, "IMMEDIATE_BYTES", 0)
            found = sent(*asked, **more)
        assert isinstance(found, Job)
        return found

    return send


def worked(store: Store, job: Job, with_kinds: dict[str, Kind] | None = None) -> Job:
    Worker(store, with_kinds or kinds()).drain()
    return job_of(store, job.id)


def result(store: Store, job: Job) -> Result:
    held = worked(store, job)
    assert held.state == "done", held.failure
    assert held.done == held.total
    return result_of(store, str(held.result))


def varied(seed: int) -> Tables:
    """The library of the cases with more products, values and references, some of which are wrong."""
    moment, given = random.Random(seed), tables()
    header = given["产品"][0]
    for n in range(moment.randint(1, 40)):
        row = list(moment.choice(given["产品"][1:4]))
        row[0], row[header.index("整备质量(kg)")] = f"n{n}", moment.choice((1500, 1612.5, "–", None, "x"))
        row[8] = moment.choice((12.3, 9.87, "13.80", None))
        given["产品"].append(row)
    if seed % 4 == 3:
        given["产品"][1][1], given["标准"][1][5], given["企业"][2][0] = "nobody", "?", "91110000MA1FL0001X"
    return given


def files(seed: int, folder: Path) -> tuple[str, bytes]:
    given = varied(seed)
    if seed % 3 == 0:
        return "cars.xlsx", as_workbook(given, folder / f"{seed}.xlsx").read_bytes()
    return "cars.zip", packed(as_csv(given, folder / str(seed)) if seed % 3 == 1 or seed % 4 == 3 else as_parquet(tables(), folder / str(seed)))


def held_in(store: Store) -> list[tuple[Any, ...]]:
    """Everything that revisions say, besides when and by which job."""
    found = []
    for each in revisions(store, "cars") if libraries(store) else []:
        library = library_of(store, "cars", each.revision)
        found.append((each.revision, each.hash, each.quality, each.changes, each.rows, each.illustrative, each.source, each.created_by, library.hash,
                      library.mapping.inputs, library.standards, list(library.some()), list(library.evidence)))  # fmt: skip
    return found


def codes(told: Any) -> list[str]:
    return sorted(each["code"] for each in told)


def test_by_a_job_and_at_once_come_to_the_same(places: Places, by_job: Callable[..., Job], tmp_path: Path) -> None:
    at_once, later = places.new(), places.new()
    for store in (at_once, later):
        make_store(store, "test")
    for seed in range(8):
        file, mapping = files(seed, tmp_path), MAPPING if seed == 2 else None
        refused: list[dict[str, Any]] | None = None
        try:
            found = sent(at_once, operator(at_once), file, mapping)
        except Refused as told:
            refused = [each.as_json() for each in told.diagnostics]
        job = worked(later, by_job(later, operator(later), file, mapping))
        if refused is not None:
            assert (job.state, list(job.failure)) == ("failed", json.loads(json.dumps(refused))), "every problem, as at once"
            assert {"library-reference-unknown", "library-status-missing", "library-code-check", "library-refused"} <= set(codes(job.failure))
            continue
        assert isinstance(found, Brought)
        body = json.loads(result_of(later, str(job.result)).body)
        assert (body["hash"], body["quality"]) == (found.library.hash, json.loads(json.dumps(as_json(found.library.quality))))
        assert revisions(later, "cars")[0].hash == found.library.hash
    assert held_in(at_once) == held_in(later) and len(held_in(later)) > 3
    assert verify_store(later).problems == ()


def test_an_enterprises_own_rows_by_a_job_and_at_once(places: Places, by_job: Callable[..., Job], tmp_path: Path) -> None:
    whole = "cars.zip", packed(as_csv(tables(), tmp_path / "all"))
    own = {name: [rows[0], *(row for row in rows[1:] if A in row or row[0] in ("p1", "p2"))] for name, rows in tables().items()}
    own["产品"][1][8] = 10.5
    mine = "mine.zip", packed(as_csv(own, tmp_path / "own"))
    both = []
    for send in (sent, by_job):
        store = places.new()
        make_store(store, "test")
        user = operator(store, "enterprise", make_organisation(store, "other", "test"))
        sent(store, operator(store), whole)
        with pytest.raises(Refused) as refused:
            send(store, user, mine)
        assert codes(each.as_json() for each in refused.value.diagnostics) == ["library-no-enterprise"], "before any work"
        register_enterprises(store, [A], str(user.organisation), "test")
        found = send(store, user, mine)
        if isinstance(found, Job):
            body = json.loads(result(store, found).body)
            assert body["hash"] != revisions(store, "cars")[0].hash, "the result is what was sent; what is kept has the others' rows too"
            job = worked(store, by_job(store, user, whole))
            assert job.state == "failed" and set(codes(job.failure)) == {"library-not-own", "library-refused"}
            own["产品"][1][8] = 10.25
            waiting = by_job(store, user, ("mine.zip", packed(as_csv(own, tmp_path / "later"))))
            register_enterprises(store, [A], organisation_named(store, "local"), "test")
            assert codes(worked(store, waiting).failure) == ["library-no-enterprise"], "another declares for it by now"
            assert enterprises_of(store, str(user.organisation)) == []
        both.append(held_in(store))
    assert both[0] == both[1] and len(both[0]) == 2


def test_a_dry_run_by_a_job_keeps_nothing_and_says_what_would_change(store: Store, by_job: Callable[..., Job], tmp_path: Path) -> None:
    sent(store, operator(store), ("cars.zip", packed(as_csv(tables(), tmp_path / "a"))))
    given = tables()
    given["产品"][1][8] = 12.0
    file = "cars.zip", packed(as_csv(given, tmp_path / "b"))
    at_once = sent(store, operator(store), file, dry=True)
    assert isinstance(at_once, Brought) and at_once.changes is not None
    made = result(store, by_job(store, operator(store), file, dry=True))
    assert json.loads(made.body)["changes"] == json.loads(json.dumps(changes_json(at_once.changes)))
    assert len(revisions(store, "cars")) == 1
    sent(store, operator(store), file)
    assert replay(store, made.id, kinds()).same, "held against the revision it was asked against"


def test_a_replay_reads_the_same_bytes_and_imports_nothing(store: Store, by_job: Callable[..., Job], tmp_path: Path) -> None:
    file = "cars.zip", packed(as_csv(tables(), tmp_path / "a"))
    made = result(store, by_job(store, operator(store), file))
    again = result(store, by_job(store, operator(store), file))
    assert json.loads(again.body) == json.loads(made.body) and len(revisions(store, "cars")) == 1, "the same as the newest revision"
    given = tables()
    given["产品"][1][8] = 12.0
    result(store, by_job(store, operator(store), ("cars.zip", packed(as_csv(given, tmp_path / "b")))))
    before, left = held_in(store), sweep(store, older_than=-1, dry=True)
    assert replay(store, made.id, kinds()).same, "whatever was imported since"
    assert held_in(store) == before and sweep(store, older_than=-1, dry=True) == left == []
    upload = store.folder / place_of("cars.zip", str(made.data_hash))
    assert upload.read_bytes() == file[1]
    upload.write_bytes(b"another")
    with pytest.raises(Refused) as refused:
        replay(store, made.id, kinds())
    assert [each.code for each in refused.value.diagnostics] == ["store-file-altered"]


def interrupted(at: int, do: Callable[[], object]) -> dict[str, Kind]:
    """Kinds of which an import does something else at a step; at the step behind the last: between its piece and its end."""

    @contextmanager
    def kind(store: Store, request: Request) -> Iterator[Importing]:
        with library_import(store, request) as work:

            class Interrupted(Importing):
                def watched_by(self, tell: Callable[[int], None]) -> None:
                    def told(done: int) -> None:
                        if done == at:
                            do()
                        tell(done)

                    super().watched_by(told)

                def whole(self, pieces: Any) -> Outcome:
                    outcome = super().whole(pieces)
                    if at <= self.total or outcome.effect is None:
                        return outcome
                    made = outcome.effect

                    def effect() -> Any:
                        also = made()
                        do()
                        return also

                    return replace(outcome, effect=effect)

            yield Interrupted(work.store, work.arguments, work.dictionary)

    return {**kinds(), KIND: kind}


@pytest.mark.parametrize("at", [1, 5, 11, 13, Importing.total, Importing.total + 1])
def test_cancelled_on_the_way_it_is_no_library_and_goes_on_when_asked(store: Store, by_job: Callable[..., Job], tmp_path: Path, at: int) -> None:
    file = "cars.zip", packed(as_csv(tables(), tmp_path / "a"))
    job = by_job(store, operator(store), file)
    held = worked(store, job, interrupted(at, lambda: cancel(store, job.id, "test")))
    assert (held.state, held.result) == ("cancelled", None)
    assert held.done <= at and libraries(store) == []
    assert bool(pieces_of(store, job.id)) == (at > Importing.total)
    assert verify_store(store).problems == ()
    sweep(store, older_than=-1)
    resume(store, job.id, "test")
    made = result(store, job)
    assert revisions(store, "cars")[0].hash == json.loads(made.body)["hash"] and len(revisions(store, "cars")) == 1
    assert revisions(store, "cars")[0].job == job.id


def test_another_revision_that_came_between_ends_it_and_going_on_starts_from_that_one(store: Store, by_job: Callable[..., Job], tmp_path: Path) -> None:
    given = tables()
    given["产品"][1][8] = 12.0
    job = by_job(store, operator(store), ("cars.zip", packed(as_csv(tables(), tmp_path / "a"))))
    other = "cars.zip", packed(as_csv(given, tmp_path / "b"))
    held = worked(store, job, interrupted(Importing.total + 1, lambda: sent(store, operator(store), other)))
    assert (held.state, codes(held.failure)) == ("failed", ["register-moved"])
    assert [each.revision for each in revisions(store, "cars")] == [1]
    resume(store, job.id, "test")
    result(store, job)
    newest = revisions(store, "cars")[0]
    assert newest.revision == 2 and newest.changes is not None and newest.changes["values"] == {"nev.electricity.cltc": 1}


def test_killed_again_and_again_it_is_imported_once(places: Places, by_job: Callable[..., Job], tmp_path: Path) -> None:
    given = tables()
    given["产品"] += [[f"n{n}", *given["产品"][1][1:8], 9 + n % 700 / 100, 1400 + n % 300] for n in range(20_000)]
    file = "cars.zip", packed(as_csv(given, tmp_path / "a"))
    place = places.words()
    store = places.at(*place)
    make_store(store, "test")
    job, moment = by_job(store, operator(store), file), random.Random(7)
    for far in (0, 4, 12):
        killed(started("work", place, "1"), moment.uniform(0, 0.05), lambda far=far: job_of(store, job.id).done >= far)  # type: ignore[misc]
        held = job_of(store, job.id)
        assert (len(libraries(store)), held.result is not None) in ((0, False), (1, True)), "all of it or nothing"
        assert verify_store(store).problems == ()
        time.sleep(1.1)  # the lease of the one that was killed
    made = result(store, job)
    assert len(revisions(store, "cars")) == 1
    other = places.new()
    make_store(other, "test")
    at_once = bring(other, "cars", tmp_path / "a", dictionary(), "test")
    assert json.loads(made.body)["hash"] == at_once.library.hash == library_of(store, "cars").hash
    sweep(store, older_than=-1)
    assert verify_store(store).problems == () and library_of(store, "cars").hash == at_once.library.hash


def test_what_a_request_lacks_is_said(store: Store) -> None:
    job = submit(store, Request(KIND, (), None, {"name": "cars", "own": "all"}), organisation_named(store, "local"), "test")
    assert codes(worked(store, job).failure) == ["argument-wrong"]
    job = submit(store, Request(KIND, (), None, {"name": "cars"}), organisation_named(store, "local"), "test")
    assert codes(worked(store, job).failure) == ["argument-wrong"]
