"""What `guiju store …` prints."""

from __future__ import annotations

import getpass
import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import Exit, console, language, refusals, say, show, table, written
from guiju.standard.shelf import Shelf
from guiju.store import archive as archives
from guiju.store import jobs as queue
from guiju.store.canonical import moment_text
from guiju.store.condition import note_backup
from guiju.store.database import Store, store_at
from guiju.store.dropped import sweep_dropped
from guiju.store.editions import editions, make_shelf
from guiju.store.editions import import_shelf as bring_in
from guiju.store.files import sweep as swept
from guiju.store.kinds.work import Kind
from guiju.store.logged import log_to_stderr
from guiju.store.migrate import FIRST_ORGANISATION, make_store, require_current
from guiju.store.people import account_of, grant, make_account, make_organisation, organisation_named, organisations
from guiju.store.replay import replay as replayed
from guiju.store.results import Request, Result, result_of, results
from guiju.store.sets import keep_records, record_sets
from guiju.store.verification import verify_store
from guiju.store.worker import Worker

STATES = {
    "queued": ("等候", "queued"), "running": ("在做", "running"), "done": ("✓ 完成", "✓ done"), "failed": ("✗ 失败", "✗ failed"),
    "cancelled": ("– 取消", "– cancelled"),
}  # fmt: skip


def actor() -> str:
    """Who types, as the log has it: an account of this machine and not of the store."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a user that the system has no name for
        return "cli"


@contextmanager
def _opened(place: str, files: Path | None, made: bool = True) -> Iterator[Store]:
    """The store, closed at the end; what is wrong inside becomes its diagnostics and exit code 2.

    made   whether it must be a store already
    """
    with refusals():
        store = store_at(place, files)
        try:
            yield require_current(store) if made else store
        finally:
            store.close()


def init(place: str, files: Path | None) -> None:
    """Makes the store, and says what was there before."""
    with _opened(place, files, made=False) as store:
        before, now = make_store(store, actor())
    told = {None: say(f"建立了仓库 {store.place}（形式 {now}）", f"made the store {store.place} (form {now})"),
            now: say(f"仓库 {store.place} 已是形式 {now}", f"the store {store.place} is of form {now} already")}  # fmt: skip
    forward = say(f"仓库 {store.place} 由形式 {before} 迁移到 {now}", f"carried the store {store.place} forward from form {before} to {now}")
    console().print(told.get(before, forward))


def import_shelf(place: str, files: Path | None, folder: Path | None, name: str, revise: bool) -> None:
    """Takes in every standard of a folder, or all that is shipped; says what is new."""
    with _opened(place, files) as store:
        shelf = Shelf() if folder is None else Shelf((folder,))
        if folder is not None and not shelf.paths():
            raise Refused([Diagnostic("folder-missing", None, {"folder": str(folder)})])
        done = bring_in(store, shelf, make_shelf(store, name, actor()), actor(), revise=revise)
    console().print(say(f"新收入 {len(done.published)} 份，改正 {len(done.revised)} 份，未变 {len(done.unchanged)} 份",
                        f"{len(done.published)} standards taken in, {len(done.revised)} put right, {len(done.unchanged)} as they were"))  # fmt: skip


def add_records(place: str, files: Path | None, records: Path, mapping: Path | None, name: str, sheet: str | None) -> None:
    """Keeps a file of records; says what it is called, how many rows it has, and its hash."""
    with _opened(place, files) as store:
        local = organisation_named(store, FIRST_ORGANISATION)
        held, told = keep_records(store, records, local, actor(), name=name, mapping=mapping, sheet=sheet)
        show(told)
    console().print(say(f"记录集 {held.name}：{held.rows:,} 行，sha256 {held.sha256[:12]}，标识 {held.id}",
                        f"set {held.name}: {held.rows:,} rows, sha256 {held.sha256[:12]}, id {held.id}"))  # fmt: skip


def list_kept(place: str, files: Path | None, words: Sequence[str], what: str, as_json: bool) -> None:
    """Prints editions, sets of records or results."""
    with _opened(place, files) as store:
        header, rows, plain = {"editions": _editions, "records": _records, "results": _results}[what](store, words)
    if as_json:
        print(json.dumps(plain, ensure_ascii=False, indent=1))
    elif rows:
        table("", header, rows)
    else:
        console().print(say("没有。", "nothing."))


Listed = tuple[Sequence[str], Sequence[Sequence[str]], list[dict[str, Any]]]


def _editions(store: Store, words: Sequence[str]) -> Listed:
    found = editions(store, words)
    header = (say("标准号", "number"), say("版本", "edition"), say("次", "revision"), say("名称", "title"), say("内容", "content"))
    rows = [(e.number, e.edition, str(e.revision), e.title.text(language()), e.content_hash[:12]) for e in found]
    return header, rows, [{"id": e.id, "number": e.number, "edition": e.edition, "revision": e.revision, "content": e.content_hash,
                           "zh": e.title.zh, "en": e.title.en, "published": moment_text(e.published_at)} for e in found]  # fmt: skip


def _records(store: Store, words: Sequence[str]) -> Listed:
    found = [each for each in record_sets(store) if all(word.casefold() in each.name.casefold() for word in words)]
    header = (say("名称", "name"), say("行", "rows"), say("来自", "from"), "sha256", say("收入", "kept"), say("标识", "id"))
    rows = [(s.name, f"{s.rows:,}", s.source, s.sha256[:12], _day(s.created_at), s.id) for s in found]
    return header, rows, [{"id": s.id, "name": s.name, "rows": s.rows, "source": s.source, "sha256": s.sha256} for s in found]


def _results(store: Store, words: Sequence[str]) -> Listed:
    found = [each for each in results(store) if all(word.casefold() in each.kind for word in words)]
    header = (say("种类", "kind"), say("标准", "standards"), say("内容", "body"), say("时间", "made"), say("标识", "id"))
    rows = [(r.kind, "、".join(s["number"] for s in r.standards), r.body_hash[:12], _day(r.created_at), r.id) for r in found]
    return header, rows, [_result_json(each) for each in found]


def _result_json(r: Result) -> dict[str, Any]:
    return {"id": r.id, "kind": r.kind, "standards": list(r.standards), "data": r.data_hash, "engine": r.engine, "body": json.loads(r.body),
            "body_hash": r.body_hash, "files": [each.path for each in r.files], "job": r.job, "made": moment_text(r.created_at)}  # fmt: skip


def _day(moment: datetime) -> str:
    return moment_text(moment)[:16].replace("T", " ") + " UTC"


# work


def run(place: str, files: Path | None, kinds: Mapping[str, Kind], kind: str, standards: Sequence[str], records: str | None, words: Sequence[str],
        key: str | None, wait: bool, as_json: bool) -> Exit:  # fmt: skip
    """Asks for work as typed; gives the exit code."""
    with refusals():
        request = Request(kind, tuple(standards), records, _arguments(words))
    return run_request(place, files, kinds, request, key, wait, as_json)


def run_request(place: str, files: Path | None, kinds: Mapping[str, Kind], request: Request, key: str | None, wait: bool, as_json: bool) -> Exit:
    """Asks for work, and does what waits up to it; gives the exit code."""
    with _opened(place, files) as store:
        worker = Worker(store, kinds)
        if request.kind not in worker.kinds:
            raise Refused([Diagnostic("kind-unknown", None, {"kind": request.kind, "known": ", ".join(worker.kinds)})])
        job = queue.submit(store, request, organisation_named(store, FIRST_ORGANISATION), actor(), key)
        while wait and job.state not in queue.ENDED and worker.once() is not None:
            job = queue.job_of(store, job.id)
        found = result_of(store, job.result) if job.result else None
    if as_json:
        print(json.dumps({"job": _job_json(job), "result": found and _result_json(found)}, ensure_ascii=False, indent=1))
    else:
        _show_job(job)
        if found is not None:
            _show_result(found)
    return Exit.WRONG_INPUT if job.state == "failed" else Exit.OK


def _arguments(words: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE as JSON where the value is JSON, else as text; @FILE is what the file holds."""
    found: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise Refused([Diagnostic("set-malformed", None, {"text": word})])
        try:
            found[name] = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else json.loads(value, parse_float=str)
        except OSError as error:
            raise Refused([Diagnostic("file-unreadable", None, {"file": value[1:], "reason": error.strerror or str(error)})]) from None
        except ValueError:
            found[name] = value
    return found


def _show_job(job: queue.Job) -> None:
    console().print(say(f"任务 {job.id}：{_state(job)}", f"job {job.id}: {_state(job)}"))
    for each in job.failure:
        console(error=True).print(f"  [{each['code']}] {each[language()]}\n    → {each[f'help_{language()}']}", markup=False)


def _state(job: queue.Job) -> str:
    progress = "" if job.total is None else f" {job.done:,}/{job.total:,}"
    return say(*STATES[job.state]) + progress + (say("，将取消", ", to be cancelled") if job.cancel_requested else "")


def _show_result(r: Result) -> None:
    console().print(say(f"结果 {r.id}", f"result {r.id}"))
    for each in r.standards:
        console().print(f"  {each['number']}  {each['content'][:12]}  {each['on']}")
    body = json.loads(r.body)
    for each in body.get("standards", []):
        overall = each["verdicts"].get("overall", {})
        console().print("  " + "  ".join(f"{word} {count:,}" for word, count in sorted(overall.items())))
    if "whole" in body:
        console().print(f"  {body['whole']['answer']}")
    for name, each in body.get("aggregates", {}).items():
        console().print(f"  {name}: {each['groups']:,}  sha256 {each['sha256'][:12]}")
    console().print(f"  sha256 {r.body_hash}  {r.engine}")


def jobs(place: str, files: Path | None, cancel: str | None, resume: str | None, as_json: bool) -> None:
    """Cancels or resumes a job, if asked to; prints the jobs."""
    with _opened(place, files) as store:
        if cancel is not None:
            queue.cancel(store, cancel, actor())
        if resume is not None:
            queue.resume(store, resume, actor())
        found = queue.jobs(store, limit=200)
    if as_json:
        print(json.dumps([_job_json(each) for each in found], ensure_ascii=False, indent=1))
        return
    header = (say("任务", "job"), say("种类", "kind"), say("状态", "state"), say("提交", "asked"), say("结果", "result"))
    table("", header, [(j.id, j.request.kind, _state(j), f"{_day(j.created_at)} {j.created_by}", j.result or "") for j in found])


def _job_json(j: queue.Job) -> dict[str, Any]:
    return {"id": j.id, "kind": j.request.kind, "state": j.state, "done": j.done, "total": j.total, "attempts": j.attempts,
            "cancel_requested": j.cancel_requested, "failure": list(j.failure), "result": j.result, "asked": moment_text(j.created_at)}  # fmt: skip


def work(place: str, files: Path | None, kinds: Mapping[str, Kind], once: bool, lease_seconds: int) -> None:
    """Does what waits; until nothing does, or until told to end, when the job in hand goes back."""
    until = threading.Event()
    log_to_stderr()
    with _opened(place, files) as store:
        worker = Worker(store, kinds, lease_seconds=lease_seconds, until=until)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: until.set())
        console().print(say(f"工作进程 {worker.name}", f"worker {worker.name}"))
        if once:
            worker.drain()
        else:
            worker.run()


# proofs that all is as it was


def replay(place: str, files: Path | None, kinds: Mapping[str, Kind], id_: str | None, as_json: bool) -> Exit:
    """Makes a result again; says whether it is the same, and if not, what differs and why that may be."""
    with _opened(place, files) as store:
        newest = next((each.id for each in results(store, limit=1)), "")
        found = replayed(store, newest if id_ is None else id_, kinds)
    if as_json:
        told = {"result": found.result.id, "same": found.same, "then": {"engine": found.result.engine, "body_hash": found.result.body_hash},
                "now": {"engine": found.engine, "body_hash": found.body_hash}, "differing": [list(each) for each in found.differing],
                "diagnostics": [each.as_json() for each in found.diagnostics]}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show(found.diagnostics)
        word = say("✓ 相同", "✓ the same") if found.same else say("✗ 不同", "✗ not the same")
        console().print(f"{word}  sha256 {found.body_hash}")
        if found.differing:
            table("", (say("何处", "where"), say("当时", "then"), say("现在", "now")), found.differing)
    return Exit.OK if found.same else Exit.FAILS


def verify(place: str, files: Path | None, head: str | None, as_json: bool) -> Exit:
    """Takes every hash anew; says what does not fit, and the head of the log to be noted."""
    with _opened(place, files) as store:
        found = verify_store(store, _noted(head))
    seq, hash_ = found.chain.head
    if as_json:
        told = {"head": {"seq": seq, "hash": hash_}, "counted": found.counted, "problems": [each.as_json() for each in found.problems]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show(found.problems)
        words = {"documents": "文本", "editions": "版本", "files": "文件", "results": "结果", "rows": "步骤与条目"}
        counted = say("，", ", ").join(f"{say(words[name], name)} {count:,}" for name, count in found.counted.items())
        mark = say("✗ 有对不上的", "✗ not all fits") if found.problems else say("✓ 全部相符", "✓ all fits")
        console().print(f"{mark}: {counted}")
        console().print(say(f"审计链头 {seq}:{hash_}", f"head of the log {seq}:{hash_}"))
    return Exit.FAILS if found.problems else Exit.OK


def _noted(head: str | None) -> tuple[int, str] | None:
    seq, _, hash_ = (head or "").partition(":")
    if head is not None and not (seq.isdecimal() and hash_):
        raise Refused([Diagnostic("head-malformed", None, {"text": head})])
    return (int(seq), hash_) if head is not None else None


def backup(place: str, files: Path | None, to: Path, overwrite: bool) -> None:
    """Writes the archive; says what is in it, and the head of the log to be noted."""
    with _opened(place, files) as store:
        made = archives.backup(store, to, overwrite=overwrite)
        note_backup(store, actor(), made.head, len(made.files))
    written(to)
    _show_archive(made)


def restore(place: str, files: Path | None, path: Path, dry_run: bool) -> None:
    """Checks the archive and the place; unless it is a dry run, puts the one into the other."""
    with _opened(place, files, made=False) as store:
        if dry_run:
            made = archives.read_archive(path)
            archives.refuse_content(store)
        else:
            made = archives.restore(store, path, actor())
    done = say(f"只是试行，没有改动 {store.place}", f"a dry run: {store.place} is as it was") if dry_run else ""
    console().print(done or say(f"已恢复到 {store.place}", f"restored to {store.place}"))
    _show_archive(made)


def _show_archive(made: archives.Archive) -> None:
    names = {"edition": say("版本", "editions"), "record_set": say("记录集", "sets of records"), "result": say("结果", "results"),
             "job": say("任务", "jobs"), "audit": say("审计记录", "entries of the log")}  # fmt: skip
    rows = [(word, f"{made.tables[name][0]:,}") for name, word in names.items() if name in made.tables]
    rows.append((say("文件", "files"), f"{len(made.files):,}"))
    table(say(f"{made.created_at[:19]} UTC，形式 {made.revision}，{made.engine}", f"{made.created_at[:19]} UTC, form {made.revision}, {made.engine}"),
          (say("内容", "what"), say("个数", "how many")), rows, right=(1,))  # fmt: skip
    console().print(say(f"审计链头 {made.head[0]}:{made.head[1]}", f"head of the log {made.head[0]}:{made.head[1]}"))


def sweep(place: str, files: Path | None, dry: bool = False) -> None:
    """Removes files without a row, and what pages kept for a time that is over; dry: says which files there are."""
    with _opened(place, files) as store:
        if not dry:
            sweep_dropped(store)
        removed = swept(store, dry=dry)
    for path in removed if dry else ():
        console().print(path, markup=False, highlight=False)
    if dry:
        console().print(say(f"有 {len(removed)} 个无主文件，没有清除", f"{len(removed)} files without a row; none was removed"))
        return
    console().print(say(f"清除了 {len(removed)} 个无主文件", f"{len(removed)} files without a row removed"))


def account(place: str, files: Path | None, name: str, organisation: str, roles: Sequence[str]) -> None:
    """Makes an account, and its organisation, where there is none; grants it roles there."""
    with _opened(place, files) as store:
        known = {name_: id_ for id_, name_, _ in organisations(store)}
        whose = known[organisation] if organisation in known else make_organisation(store, organisation, actor())
        try:
            id_ = account_of(store, name).id
        except Refused:
            id_ = make_account(store, name, whose, actor())
        for role in roles:
            grant(store, id_, whose, role, actor())
    held = ", ".join(roles) or "–"
    console().print(say(f"账号 {name}，机构 {organisation}：{held}", f"account {name} at {organisation}: {held}"))
