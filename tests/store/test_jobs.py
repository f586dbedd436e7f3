"""Jobs: leased, done in pieces, exactly once, whoever dies or is slow on the way; the same on both databases."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, func, select

from guiju.base.diagnostics import Refused
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.jobs import (
    ATTEMPTS_MAX,
    Lease,
    LeaseLost,
    cancel,
    claim,
    fail,
    finish,
    job_of,
    jobs,
    keep_piece,
    pieces_of,
    release,
    renew,
    resume,
    stop,
    submit,
)  # fmt: skip
from guiju.store.kinds import evaluation as evaluations
from guiju.store.kinds.work import Piece, Put, Work
from guiju.store.migrate import make_store
from guiju.store.people import organisation_named
from guiju.store.replay import replay
from guiju.store.results import Outcome, Request, answered, result_of, results
from guiju.store.sets import keep_records
from guiju.store.tables import result
from guiju.store.worker import KINDS, Worker
from store.stores import ROOT, Filled, Places


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [d.code for d in refused.value.diagnostics]


def wanted(filled: Filled, **arguments: Any) -> Request:
    return Request("evaluation", (filled.edition.number,), filled.records.id, arguments)


@pytest.fixture
def many(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Filled:
    """The same store with the cars of the examples two hundred times over, in pieces of 500 rows."""
    monkeypatch.setattr(evaluations, "PIECE_ROWS", 500)
    return replace(filled, records=multiplied(filled, tmp_path, 200))


def multiplied(filled: Filled, folder: Path, times: int) -> Any:
    source, to = ROOT / "examples" / "vehicles.csv", folder / "many.parquet"
    duckdb.execute(f"COPY (SELECT v.* FROM read_csv('{source}', all_varchar = true) v, range({times})) TO '{to}' (FORMAT parquet)")
    held, _ = keep_records(filled.store, to, filled.organisation, "test", mapping=ROOT / "examples" / "vehicles.mapping.yaml")
    return held


# an evaluation, from asking to replaying


def test_an_evaluation_is_done_once_and_replays_to_the_same(many: Filled) -> None:
    asked = submit(many.store, wanted(many), many.organisation, "wang")
    assert (asked.state, asked.total, asked.result) == ("queued", None, None)
    assert answered(many.store, asked.request, many.organisation) is None
    assert Worker(many.store).drain() == [asked.id]
    done = job_of(many.store, asked.id)
    assert (done.state, done.done, done.total, done.failure) == ("done", 3_400, 3_400, ())
    held = result_of(many.store, str(done.result))
    assert (held.job, held.created_by, held.data_hash, held.standards[0]["content"]) == (
        asked.id, "wang", many.records.sha256, many.edition.content_hash)  # fmt: skip
    body = json.loads(held.body)
    assert sum(body["standards"][0]["verdicts"]["overall"].values()) == body["rows"] == 3_400
    assert len(held.files) == 7 and len({each.path for each in held.files}) <= 7
    assert answered(many.store, asked.request, many.organisation) == held
    again = replay(many.store, held.id)
    assert again.same and again.differing == () and again.diagnostics == ()
    assert [e.action for e in entries(many.store, subject=asked.id)] == ["job.submitted"]


def test_the_pieces_of_an_evaluation_come_to_what_the_whole_comes_to(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts and tables, against the same records judged in one go by the kit below."""
    from guiju.records.bulk import counts, programs, run
    from guiju.standard.shelf import Shelf

    filled = replace(filled, records=multiplied(filled, tmp_path, 13))
    monkeypatch.setattr(evaluations, "PIECE_ROWS", 50)
    asked = submit(filled.store, wanted(filled), filled.organisation, "test")
    Worker(filled.store).drain()
    held = result_of(filled.store, str(job_of(filled.store, asked.id).result))
    shelf = Shelf()
    batch = run(shelf, programs(shelf, [filled.edition.number], None), tmp_path / "many.parquet", ROOT / "examples" / "vehicles.mapping.yaml")
    whole = {no: {v.value: n for v, n in tally.items()} for no, tally in counts(batch, batch.judged[0]).items()}
    body = json.loads(held.body)["standards"][0]
    assert body["verdicts"] == whole
    assert body["inputs"] == {q.asked.name: {"present": q.present, "missing": q.missing, "rounded": q.rounded, "bad": dict(q.bad)}
                              for q in batch.judged[0].quality.inputs}  # fmt: skip
    rows = [row for each in held.files for row in duckdb.execute(f"SELECT row, overall FROM '{filled.store.folder / each.path}'").fetchall()]
    assert [row for row, _ in rows] == list(range(1, 222))
    assert {word: sum(w == word for _, w in rows) for word in whole["overall"]} == whole["overall"]


@pytest.mark.parametrize("question", ["stricter", "satisfiable"])
def test_a_proof_is_kept_with_its_witness_and_replays(filled: Filled, question: str) -> None:
    editions = (filled.edition.id,) * (2 if question == "stricter" else 1)
    asked = submit(filled.store, Request("proof", editions, None, {"question": question}), filled.organisation, "test")
    Worker(filled.store).drain()
    done = job_of(filled.store, asked.id)
    held = result_of(filled.store, str(done.result))
    assert json.loads(held.body)["whole"]["answer"] == "proved" and held.data_hash is None
    if question == "satisfiable":
        assert json.loads(held.body)["whole"]["witness"]["verdicts"][0]["overall"] == "pass"
    assert replay(filled.store, held.id).same


def test_an_aggregate_is_kept_with_its_tables_and_replays(filled: Filled) -> None:
    from guiju.standard.shelf import Shelf
    from guiju.store.editions import publish

    shelf = Shelf()
    path = shelf.locate("DB11/T 3043-2024")
    assert path is not None
    held, _ = publish(filled.store, shelf, path, filled.edition.shelf, "test")
    examples = ROOT / "examples"
    legs, _ = keep_records(filled.store, examples / "legs.csv", filled.organisation, "test", mapping=examples / "legs.mapping.yaml")
    asked = submit(filled.store, Request("aggregate", (held.id,), legs.id), filled.organisation, "test")
    Worker(filled.store).drain()
    done = job_of(filled.store, asked.id)
    assert done.state == "done", done.failure
    found = result_of(filled.store, str(done.result))
    assert json.loads(found.body)["aggregates"] and found.files and replay(filled.store, found.id).same


def test_a_replay_says_what_differs_and_why(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = submit(filled.store, wanted(filled), filled.organisation, "test")
    Worker(filled.store).drain()
    id_ = str(job_of(filled.store, asked.id).result)
    monkeypatch.setattr("guiju.store.replay.engine_version", lambda: "guiju 9")
    same = replay(filled.store, id_)
    assert same.same and [d.code for d in same.diagnostics] == ["replay-engine"], "another engine that comes to the same"

    @contextmanager
    def otherwise(store: Store, request: Request) -> Iterator[Work]:
        with KINDS["evaluation"](store, request) as work:
            whole = work.whole

            class Otherwise:
                pieces, total, piece = work.pieces, work.total, work.piece

                def whole(self, pieces: Sequence[Piece]) -> Outcome:
                    outcome = whole(pieces)
                    return replace(outcome, body={**outcome.body, "rows": 18})

            yield Otherwise()

    differs = replay(filled.store, id_, {"evaluation": otherwise})
    assert not differs.same and differs.differing == (("/rows", "17", "18"),) and differs.body_hash != differs.result.body_hash
    with pytest.raises(Refused) as refused:
        replay(filled.store, id_, {})
    assert codes(refused) == ["kind-unknown"]


def test_a_replay_refuses_altered_records_and_names_altered_tables(filled: Filled) -> None:
    asked = submit(filled.store, wanted(filled), filled.organisation, "test")
    Worker(filled.store).drain()
    held = result_of(filled.store, str(job_of(filled.store, asked.id).result))
    (filled.store.folder / held.files[0].path).write_bytes(b"other")
    assert [d.code for d in replay(filled.store, held.id).diagnostics] == ["store-file-altered"]
    (filled.store.folder / held.files[0].path).unlink()
    assert [d.code for d in replay(filled.store, held.id).diagnostics] == ["store-file-missing"]
    with (filled.store.folder / filled.records.file).open("ab") as file:
        file.write(b"more")
    with pytest.raises(Refused) as refused:
        replay(filled.store, held.id)
    assert codes(refused) == ["store-file-altered"]


def test_a_result_altered_in_the_database_is_noticed(filled: Filled) -> None:
    from store.test_store import unguarded

    asked = submit(filled.store, wanted(filled), filled.organisation, "test")
    Worker(filled.store).drain()
    id_ = str(job_of(filled.store, asked.id).result)
    unguarded(filled.store, "result", "UPDATE result SET standards = '[]'")
    assert [d.code for d in replay(filled.store, id_).diagnostics] == ["replay-of-other"] and not replay(filled.store, id_).same
    unguarded(filled.store, "result", "UPDATE result SET body = '1'")
    for attempt in (lambda: result_of(filled.store, id_), lambda: result_of(filled.store, "none")):
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) in (["result-altered"], ["unknown-result"])


# asking


def test_the_same_key_gives_the_same_job_and_another_request_under_it_is_refused(filled: Filled) -> None:
    first = submit(filled.store, wanted(filled), filled.organisation, "test", "nightly")
    assert submit(filled.store, wanted(filled), filled.organisation, "test", "nightly") == first
    assert submit(filled.store, wanted(filled), filled.organisation, "test").id != first.id
    with pytest.raises(Refused) as refused:
        submit(filled.store, wanted(filled, on="2026-01-01"), filled.organisation, "test", "nightly")
    assert codes(refused) == ["key-for-another"]
    assert len(jobs(filled.store)) == 2 and jobs(filled.store, limit=1, before=jobs(filled.store)[0].id) == [first]
    assert jobs(filled.store, organisations=[]) == [] and jobs(filled.store, states=["done"]) == []


def test_one_key_sent_many_times_at_once_is_one_job(filled: Filled) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def send(_: int) -> str:
        return submit(filled.store, wanted(filled), filled.organisation, "test", "once").id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(send, range(18)))) == 1


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request("evaluation", ("E",), "R", {"onn": "2026-01-01"}), "argument-unknown"), (Request("evaluation", ("E",), "R", {"on": 3}), "argument-wrong"),
        (Request("evaluation", ("E",), "R", {"on": "soon"}), "not-a-date"), (Request("evaluation", (), "R"), "request-editions"),
        (Request("evaluation", ("E",)), "request-records"), (Request("proof", ("E",), None, {"question": "why"}), "prove-question"),
        (Request("proof", ("E",), None, {"question": "stricter"}), "request-editions"), (Request("aggregate", ("E",), "R"), "no-aggregates"),
        (Request("evaluation", ("E",), "R", {"mapping": "guiju: 1\ninputs: {curb_mass: {column: nowhere}}\n"}), "mapping-unknown-column"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_fails_with_the_reason_and_is_not_tried_again(filled: Filled, request_: Request, code: str) -> None:
    named = replace(request_, editions=tuple(filled.edition.id for _ in request_.editions), records=request_.records and filled.records.id)
    asked = submit(filled.store, named, filled.organisation, "test")
    Worker(filled.store).drain()
    failed = job_of(filled.store, asked.id)
    assert failed.state == "failed" and failed.attempts == 1 and results(filled.store) == []
    assert code in [each["code"] for each in failed.failure] and all(each["zh"] and each["en"] for each in failed.failure)


# work of one's own: how a part adds a kind, and how the ways of failing are reached


@dataclass
class Counting:
    """Work of five pieces that says what it does, and does what it is told at a piece."""

    at: dict[int, Any] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)

    pieces = 5
    total = 50

    @contextmanager
    def kind(self, store: Store, request: Request) -> Iterator[Counting]:
        yield self

    def piece(self, number: int, put: Put) -> Piece:
        self.made.append(number)
        if number in self.at:
            self.at.pop(number)()
        return Piece({"n": number}, 10 * number + 10, (put(".txt", lambda path: path.write_text(f"piece {number}")),))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome((), None, {"sum": sum(each.body["n"] for each in pieces)}, tuple(kept for each in pieces for kept in each.files))


def asked_to_count(store: Store) -> str:
    return submit(store, Request("count", ()), organisation_named(store, "local"), "test").id


def worker_of(store: Store, work: Counting, **more: Any) -> Worker:
    return Worker(store, {"count": work.kind}, **more)


def test_a_fault_ends_the_job_and_not_the_worker_and_a_resumed_job_goes_on_where_it_was(store: Store) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by zero")

    work, id_ = Counting({3: broken}), asked_to_count(store)
    worker = worker_of(store, work)
    assert worker.drain() == [id_]
    failed = job_of(store, id_)
    assert (failed.state, failed.done, [each["code"] for each in failed.failure]) == ("failed", 40 - 10, ["job-fault"])
    assert resume(store, id_, "test").state == "queued"
    worker.drain()
    assert work.made == [0, 1, 2, 3, 3, 4] and job_of(store, id_).state == "done"
    assert json.loads(results(store)[0].body) == {"sum": 10} and len(results(store)[0].files) == 5
    with pytest.raises(Refused) as refused:
        resume(store, id_, "test")
    assert codes(refused) == ["job-not-stopped"]
    with pytest.raises(Refused) as refused:
        resume(store, "none", "test")
    assert codes(refused) == ["unknown-job"]


def test_a_job_is_cancelled_between_two_pieces_and_resumed_after_them(store: Store) -> None:
    id_ = asked_to_count(store)
    work = Counting({2: lambda: cancel(store, id_, "test")})
    worker_of(store, work).drain()
    stopped = job_of(store, id_)
    assert (stopped.state, stopped.done, sorted(pieces_of(store, id_))) == ("cancelled", 30, [0, 1, 2])
    resume(store, id_, "test")
    worker_of(store, work).drain()
    assert work.made == [0, 1, 2, 3, 4] and job_of(store, id_).state == "done"
    assert [e.action for e in entries(store, subject=id_)] == ["job.submitted", "job.cancel-requested", "job.cancelled", "job.resumed"]


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_has_ended_stays(store: Store) -> None:
    id_ = asked_to_count(store)
    assert cancel(store, id_, "test").state == "cancelled" and worker_of(store, Counting()).drain() == []
    resume(store, id_, "test")
    worker_of(store, Counting()).drain()
    assert cancel(store, id_, "test").state == "done"


def test_a_worker_that_is_told_to_end_puts_its_job_back(store: Store) -> None:
    id_, until = asked_to_count(store), threading.Event()
    work = Counting({1: until.set})
    worker_of(store, work, until=until).run()
    assert (job_of(store, id_).state, sorted(pieces_of(store, id_))) == ("queued", [0, 1])
    worker_of(store, work).drain()
    assert work.made == [0, 1, 2, 3, 4]


def test_a_slow_piece_is_not_taken_for_a_dead_worker(store: Store) -> None:
    import time

    id_ = asked_to_count(store)
    work = Counting({2: lambda: time.sleep(3)})
    slow = threading.Thread(target=worker_of(store, work, lease_seconds=1).drain)
    slow.start()
    while 2 not in work.made:
        time.sleep(0.01)
    other = Counting()
    while slow.is_alive():
        assert worker_of(store, other).once() is None
        time.sleep(0.05)
    slow.join()
    assert other.made == [] and job_of(store, id_).attempts == 1 and job_of(store, id_).state == "done"


def test_a_worker_whose_lease_ran_out_writes_nothing_once_another_has_taken_over(store: Store) -> None:
    id_ = asked_to_count(store)
    (_, slow) = claim(store, "slow", lease_seconds=-1) or pytest.fail("nothing to claim")
    (_, quick) = claim(store, "quick") or pytest.fail("nothing to claim")
    assert quick.attempt == slow.attempt + 1
    attempts = (lambda: keep_piece(store, slow, 0, Piece({}, 1), 2), lambda: finish(store, slow, Outcome((), None, {})), lambda: renew(store, slow),
                lambda: fail(store, slow, []), lambda: stop(store, slow), lambda: release(store, slow))  # fmt: skip
    for attempt in attempts:
        with pytest.raises(LeaseLost):
            attempt()
    assert pieces_of(store, id_) == {} and results(store) == [] and job_of(store, id_).worker == "quick"
    finish(store, quick, Outcome((), None, {}))
    with pytest.raises(LeaseLost):
        finish(store, quick, Outcome((), None, {}))
    assert len(results(store)) == 1


def test_work_that_kills_its_workers_is_given_up_and_progress_counts_anew(store: Store) -> None:
    id_ = asked_to_count(store)
    for _ in range(ATTEMPTS_MAX - 1):
        assert claim(store, "dies", lease_seconds=-1) is not None
    (_, lease) = claim(store, "comes far", lease_seconds=-1) or pytest.fail("nothing to claim")
    keep_piece(store, lease, 0, Piece({}, 1), 2)
    for _ in range(ATTEMPTS_MAX):
        assert claim(store, "dies", lease_seconds=-1) is not None
    assert claim(store, "another") is None
    assert job_of(store, id_).state == "failed" and job_of(store, id_).failure[0]["code"] == "job-given-up"


def test_a_job_to_be_cancelled_whose_worker_died_is_cancelled_and_not_taken_up(store: Store) -> None:
    id_ = asked_to_count(store)
    claim(store, "dies", lease_seconds=-1)
    cancel(store, id_, "test")
    assert claim(store, "another") is None and job_of(store, id_).state == "cancelled"


def test_many_workers_at_once_do_every_job_once(places: Places) -> None:
    store = places.new()
    make_store(store, "test")
    ids = [asked_to_count(store) for _ in range(25)]
    works = [Counting() for _ in range(4)]
    threads = [threading.Thread(target=worker_of(store, work).drain) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {job_of(store, id_).state for id_ in ids} == {"done"} and {job_of(store, id_).attempts for id_ in ids} == {1}
    assert sum(len(work.made) for work in works) == 5 * 25 and len(results(store)) == 25
    assert sorted(str(r.job) for r in results(store)) == ids and verify_chain(store).broken is None


# the lease table as a machine: two workers, a clock that is moved by hand, any order of events


class Leases(RuleBasedStateMachine):
    """Against a model that knows which lease is the last of each job: nothing but that one ever writes, and each job has one result at most."""

    store: Store

    @initialize()
    def begin(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.timed = replace(self.store, clock=self.clock)
        self.organisation = organisation_named(self.store, "local")
        self.leases: list[Lease] = []
        self.last: dict[str, int] = {}
        self.pieces: dict[str, set[int]] = {}
        self.ended: dict[str, str] = {}
        self.cancelling: set[str] = set()
        self.until: dict[str, datetime] = {}
        self.ids: list[str] = []

    def clock(self, _: Connection) -> datetime:
        return self.now

    def is_last(self, lease: Lease) -> bool:
        return lease.job not in self.ended and self.last.get(lease.job) == lease.attempt

    def ends(self, id_: str, state: str) -> None:
        self.ended[id_] = state
        self.cancelling.discard(id_)
        self.last.pop(id_, None)

    @rule()
    @precondition(lambda self: len(self.ids) < 3)
    def ask(self) -> None:
        self.ids.append(submit(self.timed, Request("count", (), None, {"n": len(self.ids)}), self.organisation, "test").id)

    @rule(worker=st.sampled_from("AB"), after=st.sampled_from([0, 29, 30]))
    def take(self, worker: str, after: int) -> None:
        self.now += timedelta(seconds=after)
        for id_ in [i for i in self.cancelling if self.until[i] <= self.now]:
            self.ends(id_, "cancelled")
        found = claim(self.timed, worker, 30)
        free = [i for i in self.ids if i not in self.ended and (i not in self.last or self.until[i] <= self.now)]
        given_up = {i for i in self.ids if i not in self.ended and job_of(self.store, i).state == "failed"}
        for id_ in given_up:
            assert self.until[id_] <= self.now
            self.ends(id_, "failed")
        free = [i for i in free if i not in given_up]
        assert (found[0].id if found else None) == (free[0] if free else None), "the one that has waited longest"
        if found:
            self.leases.append(found[1])
            self.last[found[0].id], self.until[found[0].id] = found[1].attempt, self.now + timedelta(seconds=30)

    @rule(back=st.integers(0, 2), what=st.sampled_from(["renew", "piece", "piece", "finish", "fail", "stop", "release"]))
    @precondition(lambda self: self.leases)
    def write(self, back: int, what: str) -> None:
        """By the last lease, or one before it: of another job, of another worker, or of the same worker and job."""
        lease = self.leases[-1 - min(back, len(self.leases) - 1)]
        number = len(self.pieces.get(lease.job, ()))
        act = {
            "renew": lambda: renew(self.timed, lease, 30), "piece": lambda: keep_piece(self.timed, lease, number, Piece({}, number), 9),
            "finish": lambda: finish(self.timed, lease, Outcome((), None, {})), "fail": lambda: fail(self.timed, lease, []),
            "stop": lambda: stop(self.timed, lease), "release": lambda: release(self.timed, lease),
        }[what]  # fmt: skip
        if not self.is_last(lease):
            with pytest.raises(LeaseLost):
                act()
            return
        answer = act()
        if what == "renew":
            assert answer is (lease.job not in self.cancelling)
            self.until[lease.job] = self.now + timedelta(seconds=30)
        elif what == "piece":
            self.pieces.setdefault(lease.job, set()).add(number)
        elif what == "release":
            self.last.pop(lease.job)
        else:
            self.ends(lease.job, {"finish": "done", "fail": "failed", "stop": "cancelled"}[what])

    @rule(data=st.data(), what=st.sampled_from(["cancel", "resume"]))
    @precondition(lambda self: self.ids)
    def from_outside(self, data: st.DataObject, what: str) -> None:
        id_ = data.draw(st.sampled_from(self.ids))
        if what == "cancel":
            cancel(self.timed, id_, "test")
            if id_ in self.last:
                self.cancelling.add(id_)
            elif id_ not in self.ended:
                self.ends(id_, "cancelled")
        elif self.ended.get(id_) in ("cancelled", "failed"):
            resume(self.timed, id_, "test")
            del self.ended[id_]
        else:
            with pytest.raises(Refused):
                resume(self.timed, id_, "test")

    @invariant()
    def the_store_is_as_the_model_has_it(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.store.reading() as connection:
            counted = dict(tuple(row) for row in connection.execute(select(result.c.job, func.count()).where(result.c.job.in_(self.ids)).group_by(result.c.job)))
        assert counted == {i: 1 for i, state in self.ended.items() if state == "done"}
        for id_ in self.ids:
            found = job_of(self.store, id_)
            assert found.state == self.ended.get(id_, "running" if id_ in self.last else "queued")
            assert set(pieces_of(self.store, id_)) == self.pieces.get(id_, set())

    def teardown(self) -> None:
        for id_ in getattr(self, "ids", ()):
            cancel(self.timed, id_, "test")
        self.now += timedelta(days=1)
        claim(self.timed, "end", 1)


def test_any_order_of_events_leaves_each_job_with_one_owner_and_one_result(store: Store) -> None:
    machine = type("OnThisStore", (Leases,), {"store": store, "TestCase": None})
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=30, deadline=None, phases=(Phase.generate,)))
