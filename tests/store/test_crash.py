"""kill -9 at any moment: nothing committed is lost, nothing is half-done, and whoever comes next goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from guiju.base.diagnostics import Refused
from guiju.store.archive import backup
from guiju.store.database import Store
from guiju.store.files import sweep
from guiju.store.jobs import job_of, pieces_of, submit
from guiju.store.kinds import evaluation as evaluations
from guiju.store.migrate import make_store, require_current
from guiju.store.replay import replay
from guiju.store.results import Request, result_of, results
from guiju.store.sets import record_sets
from guiju.store.verification import verify_store
from guiju.store.worker import Worker
from store.stores import Places, fill
from store.test_jobs import multiplied

CRASHING = Path(__file__).with_name("crashing.py")
ROWS = 200


def started(word: str, place: tuple[str, Path | None], rest: str) -> subprocess.Popen[str]:
    """A process of its own, once it says that it is ready."""
    words = [sys.executable, str(CRASHING), word, place[0], str(place[1] or ""), rest]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert running.stdout is not None and running.stderr is not None
    assert running.stdout.readline() == "ready\n", running.stderr.read()
    return running


def killed(running: subprocess.Popen[str], after: float, once: Callable[[], bool] = lambda: True) -> list[str]:
    """What it had told when it was killed, so many seconds after something had come about."""
    until = time.monotonic() + 30
    while not once() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(after)
    running.send_signal(signal.SIGKILL)
    out, err = running.communicate()
    assert running.returncode in (0, -signal.SIGKILL), err
    return out.split()


def settled(store: Store) -> None:
    """Waits for what a killed process had asked of a server: the server may still commit it after the process is gone."""
    if not store.is_sqlite:
        with store.writing(alone=True):
            pass


def test_an_evaluation_whose_workers_are_killed_again_and_again_comes_to_the_same_once(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "PIECE_ROWS", ROWS)
    place = places.words()
    store = places.at(*place)
    make_store(store, "test")
    filled = fill(store)
    filled = replace(filled, records=multiplied(filled, tmp_path, 200))
    request = Request("evaluation", (filled.edition.id,), filled.records.id)
    undisturbed = submit(store, request, filled.organisation, "test")
    Worker(store).drain()
    id_ = submit(store, request, filled.organisation, "test").id
    moment, seen = random.Random(36980), []
    for _ in range(4):
        far = len(seen) + moment.randint(0, 3)
        killed(started("work", place, str(ROWS)), moment.uniform(0, 0.1), lambda far=far: len(pieces_of(store, id_)) >= far)  # type: ignore[misc]
        kept = pieces_of(store, id_)
        assert list(kept) == list(range(len(kept))), "pieces are kept one after the other"
        assert len(kept) >= len(seen) and list(kept.values())[: len(seen)] == seen, "and none is lost or made anew"
        seen = list(kept.values())
        assert verify_store(store).problems == ()
        time.sleep(1.1)  # the lease of the one that was killed
    assert seen, "killed too early to have kept anything"
    Worker(store).drain()
    done = job_of(store, id_)
    assert done.state == "done" and done.done == done.total == 3_400 and done.attempts > 1
    assert [r.job for r in results(store) if r.job == id_] == [id_]
    held, wanted = result_of(store, str(done.result)), result_of(store, str(job_of(store, undisturbed.id).result))
    assert held.body == wanted.body and replay(store, held.id).same
    sweep(store, older_than=-1)
    assert verify_store(store).problems == (), "what is swept belonged to nobody"


def test_what_a_killed_writer_said_it_kept_is_there_and_nothing_else_is_half_there(places: Places, tmp_path: Path) -> None:
    place = places.words()
    store = places.at(*place)
    make_store(store, "test")
    moment, told = random.Random(86), set[str]()
    for _ in range(4):
        told |= set(killed(started("keep", place, str(tmp_path)), moment.uniform(0.1, 0.8)))
        held = {each.id for each in record_sets(store)}
        assert told <= held and len(held - told) <= 4, "at most the one that was committed and not told yet, each time"
        assert verify_store(store).problems == ()
    assert told
    sweep(store, older_than=-1)
    assert verify_store(store).problems == () and not list((store.folder / "waiting").iterdir())


def test_a_store_whose_making_or_restoring_was_killed_is_made_or_restored_by_the_next(places: Places, tmp_path: Path) -> None:
    store = places.new()
    make_store(store, "test")
    fill(store)
    backup(store, tmp_path / "a.zip")
    moment = random.Random(5)
    for word, rest, done in (("make", "", "made"), ("restore", str(tmp_path / "a.zip"), "restored")):
        for _ in range(2):
            place = places.words()
            said = killed(started(word, place, rest), moment.uniform(0.0, 0.25))
            target = places.at(*place)
            settled(target)
            try:
                require_current(target)
                assert verify_store(target).problems == ()
            except Refused as refused:
                assert done not in said and [d.code for d in refused.diagnostics] == ["store-missing"]
                with started(word, place, rest) as again:
                    out, err = again.communicate(timeout=60)
                assert out.split() == [done], err
            require_current(target)
            assert verify_store(target).problems == () and len(record_sets(target)) == (1 if word == "restore" else 0)


def test_of_two_restorations_at_once_one_is_done_and_the_other_refused(places: Places, tmp_path: Path) -> None:
    store = places.new()
    make_store(store, "test")
    fill(store)
    backup(store, tmp_path / "a.zip")
    place = places.words()
    both = [started("restore", place, str(tmp_path / "a.zip")) for _ in range(2)]
    said = [running.communicate(timeout=60) for running in both]
    assert sorted(out.split() for out, _ in said) == [[], ["restored"]]
    assert all(out or "store-not-empty" in err for out, err in said)
    assert verify_store(places.at(*place)).problems == () and len(record_sets(places.at(*place))) == 1
