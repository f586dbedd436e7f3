"""The command-line face of the store: `guiju store …`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from guiju.store.kinds.work import Kind

Place = Annotated[
    str, typer.Option("--store", envvar="GUIJU_STORE", metavar="PLACE", help="文件夹，或 postgresql://… · a folder, or postgresql://…")
]
Files = Annotated[
    Path | None,
    typer.Option("--files", envvar="GUIJU_FILES", metavar="FOLDER", help="放文件的文件夹，PostgreSQL 必需 · of files; PostgreSQL needs it"),
]
Who = Annotated[
    str | None, typer.Option("--as", envvar="GUIJU_AS", metavar="ACCOUNT", help="以哪个账号；默认本机 · as which account; default: this machine")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")]
HERE = "guiju-store"

Lease = Annotated[int, typer.Option("--lease", min=1, envvar="GUIJU_LEASE_SECONDS", metavar="SECONDS",
                                    help="失联多少秒后，任务归别人 · seconds unheard of after which its job is another's")]  # fmt: skip


def add(root: typer.Typer, kinds: Callable[[], Mapping[str, Kind]] | None = None) -> None:
    """The commands of the store. kinds: the kinds of work there are, where parts add theirs; looked up when they are asked for."""
    _kinds.append(kinds or _own_kinds)
    words = "仓库：标准、记录、结果、任务，备份与重放 · the store: standards, records, results, jobs, backup and replay"
    store = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
    faces: dict[str, Callable[..., None]] = {
        "init": init, "import-shelf": import_shelf, "add-records": add_records, "list": list_kept, "run": run, "jobs": jobs, "work": work,
        "replay": replay, "verify": verify, "backup": backup, "restore": restore, "sweep": sweep, "account": account,
    }  # fmt: skip
    for name, face in faces.items():
        store.command(name)(face)
    root.add_typer(store, name="store")


def known_kinds() -> Mapping[str, Kind]:
    """Every kind of work there is in this program."""
    return _kinds[-1]()


def _own_kinds() -> Mapping[str, Kind]:
    from guiju.store.worker import KINDS

    return KINDS


_kinds: list[Callable[[], Mapping[str, Kind]]] = [_own_kinds]
"""Where the kinds of work are looked up; the last is asked."""


def init(place: Place = HERE, files: Files = None) -> None:
    """建立仓库；旧的形式向前迁移 · make a store, or carry one of an earlier Guiju forward."""
    from guiju.store import printed

    printed.init(place, files)


def import_shelf(
    folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="标准的文件夹；默认自带的 · default: what is shipped")] = None,
    name: Annotated[str, typer.Option("--name", help="在仓库里的名称 · its name in the store")] = "shipped",
    revise: Annotated[bool, typer.Option("--revise", help="同号同版内容不同的，作为改正收入 · take other texts of an edition as put right")] = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """收入一个书架的标准，全部或全不 · take in a shelf of standards, all of it or nothing."""
    from guiju.store import printed

    printed.import_shelf(place, files, folder, name, revise)


def add_records(
    records: Annotated[Path, typer.Argument(metavar="FILE", help="CSV XLSX Parquet NDJSON JSON")],
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="列对应文件 · the mapping of its columns")] = None,
    name: Annotated[str, typer.Option("--name", help="名称，默认文件名 · default: the name of the file")] = "",
    sheet: Annotated[str | None, typer.Option("--sheet", help="工作表名 · sheet of a workbook")] = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """收入一个记录集 · keep a set of records."""
    from guiju.store import printed

    printed.add_records(place, files, records, mapping, name, sheet)


def list_kept(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD...]", help="编号或名称中的词 · words in the number or title")] = None,
    records: Annotated[bool, typer.Option("--records", help="记录集 · sets of records")] = False,
    results: Annotated[bool, typer.Option("--results", help="结果 · results")] = False,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """列出仓库里的标准、记录集或结果 · the standards, sets of records or results in the store."""
    from guiju.store import printed

    printed.list_kept(place, files, words or [], "records" if records else "results" if results else "editions", as_json)


def run(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="evaluation | proof | aggregate | report | comparison | dossier | study")],
    standards: Annotated[list[str] | None, typer.Argument(metavar="[STANDARD...]", help="仓库里的标准 · standards in the store")] = None,
    records: Annotated[str | None, typer.Option("--records", metavar="SET", help="仓库里的记录集 · a set of records in the store")] = None,
    argument: Annotated[list[str] | None, typer.Option("--argument", metavar="NAME=VALUE", help="其余参数，可多次 · repeatable")] = None,
    key: Annotated[str | None, typer.Option("--key", help="幂等键 · idempotency key")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="在这里做完 · do it here")] = True,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """提交一项任务，默认当即做完 · ask for work, and by default do it here and now."""
    from guiju.store import printed

    raise typer.Exit(printed.run(place, files, known_kinds(), kind, standards or [], records, argument or [], key, wait, as_json))


def jobs(
    cancel: Annotated[str | None, typer.Option("--cancel", metavar="JOB", help="取消 · cancel it")] = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="JOB", help="从停下的地方继续 · go on where it stopped")] = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """列出任务，最新的在前；取消或继续一项 · the jobs, the newest first; cancel or resume one."""
    from guiju.store import printed

    printed.jobs(place, files, cancel, resume, as_json)


def work(
    once: Annotated[bool, typer.Option("--once", help="没有等着的就结束 · end when nothing waits")] = False,
    lease: Lease = 30,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """做等着的任务，直到中断 · do the jobs that wait, until interrupted."""
    from guiju.store import printed

    printed.work(place, files, known_kinds(), once, lease)


def replay(
    result: Annotated[str | None, typer.Argument(metavar="[RESULT]", help="结果的标识；默认最新的 · its identifier; default: the newest")] = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """重做一个结果并核对；退出码 0 相同，1 不同 · make a result again and compare; exit code 0 the same, 1 not."""
    from guiju.store import printed

    raise typer.Exit(printed.replay(place, files, known_kinds(), result, as_json))


def verify(
    head: Annotated[str | None, typer.Option("--head", metavar="SEQ:HASH", help="以前记下的审计链头 · head of the log noted earlier")] = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """核对审计链、文件和结果的哈希；退出码 1 有对不上的 · check the log, the files and the results; exit code 1 where one does not fit."""
    from guiju.store import printed

    raise typer.Exit(printed.verify(place, files, head, as_json))


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个文件 · the file to write")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件 · may replace an existing file")] = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """把整个仓库写成一个文件 · write the whole store to one file."""
    from guiju.store import printed

    printed.backup(place, files, to, overwrite)


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 · the archive")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，并说会做什么 · check it and say what would be done")] = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """把备份恢复到空的位置，SQLite 或 PostgreSQL · restore an archive to an empty place, on either database."""
    from guiju.store import printed

    printed.restore(place, files, archive, dry_run)


def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说有哪些 · only say which they are")] = False, place: Place = HERE, files: Files = None
) -> None:
    """清除中断后留下的无主文件 · remove files that a crash left without a row."""
    from guiju.store import printed

    printed.sweep(place, files, dry_run)


def account(
    name: Annotated[str, typer.Argument(metavar="NAME", help="账号 · name of the account")],
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORG", help="机构，没有就建立 · made where there is none")] = "local",
    role: Annotated[list[str] | None, typer.Option("--role", metavar="ROLE", help="角色，可多次 · repeatable")] = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """建立账号、给它角色；没有口令，登录要另发邀请 · make an account and grant it roles; it has no password, and signs in once it is invited."""
    from guiju.store import printed

    printed.account(place, files, name, organisation, role or [])
