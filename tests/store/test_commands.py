"""`guiju store …` as it is typed, in both languages, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build
from guiju.store.results import results
from store.stores import ROOT, Places

EXAMPLES = ROOT / "examples"
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """(exit code, standard output, standard error) of a command on one store, English unless told."""
    monkeypatch.delenv("GUIJU_STORE", raising=False)
    command, (place, files) = typer.main.get_command(build(PARTS)), places.words()

    def call(*words: str, lang: str = "en", at: tuple[str, Path | None] = (place, files)) -> tuple[int, str, str]:
        where = ["--store", at[0], *(["--files", str(at[1])] if at[1] else [])]
        code = command.main(["--lang", lang, "store", *words, *where], standalone_mode=False)
        choose_language(None)
        said = capsys.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    call.place = (place, files)  # type: ignore[attr-defined]
    return call


def filled(typed: Typed) -> None:
    assert typed("init")[0] == 0
    assert "1 standards taken in" in typed("import-shelf", str(shelf_of_one(typed)))[1]
    assert "17 rows" in typed("add-records", str(EXAMPLES / "vehicles.csv"), "--mapping", str(EXAMPLES / "vehicles.mapping.yaml"))[1]


def shelf_of_one(typed: Typed) -> Path:
    import shutil

    place, files = typed.place  # type: ignore[attr-defined]
    folder = (files or Path(place)).parent / "one" / "standards"
    shutil.copytree(ROOT / "standards" / "gb" / "GB-36980.1-2025", folder / "gb" / "GB-36980.1-2025", dirs_exist_ok=True)
    return folder


def test_from_an_empty_place_to_a_result_that_replays(typed: Typed) -> None:
    code, _, said = typed("list")
    assert code == 2 and "store-missing" in said and "guiju store init" in said
    filled(typed)
    assert "already" in typed("init")[1] and "1 as they were" in typed("import-shelf", str(shelf_of_one(typed)))[1]
    code, shown, _ = typed("run", "evaluation", "GB 36980.1-2025", "--records", "vehicles", "--argument", "on=2026-06-01")
    assert code == 0 and "fail 2" in shown and "✓ done 17/17" in shown and "2026-06-01" in shown
    (listed,) = json.loads(typed("list", "--results", "--json")[1])
    assert listed["body"]["rows"] == 17 and listed["standards"][0]["on"] == "2026-06-01"
    assert listed["id"] in typed("list", "--results", "evaluation")[1] and "nothing" in typed("list", "--results", "proof")[1]
    code, shown, _ = typed("replay", listed["id"])
    assert code == 0 and "✓ the same" in shown and listed["body_hash"] in shown
    told = json.loads(typed("replay", listed["id"], "--json")[1])
    assert told["same"] and told["then"] == told["now"] and told["differing"] == []
    assert "GB 36980.1-2025" in typed("list", "36980")[1] and "vehicles.csv" in typed("list", "--records", "VEH")[1]
    assert json.loads(typed("list", "--json")[1])[0]["revision"] == 1 and json.loads(typed("list", "--records", "--json")[1])[0]["rows"] == 17


def test_both_languages_say_the_same_things(typed: Typed) -> None:
    filled(typed)
    asked = ("run", "proof", "GB 36980.1-2025", "--argument", "question=satisfiable")
    assert "结果" in typed(*asked, lang="zh")[1] and "result" in typed(*asked)[1]
    for words, zh, en in ((["jobs"], "完成", "done"), (["verify"], "全部相符", "all fits"), (["sweep"], "无主文件", "without a row"), (["list"], "标准号", "number")):
        assert zh in typed(*words, lang="zh")[1] and en in typed(*words)[1]


def test_a_replay_that_differs_exits_with_1(typed: Typed, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(typed)
    typed("run", "evaluation", "GB 36980.1-2025", "--records", "vehicles")
    (held,) = results(places.at(*typed.place))  # type: ignore[attr-defined]
    monkeypatch.setattr("guiju.store.kinds.evaluation.weakest_evidence", lambda program: "E")
    code, shown, _ = typed("replay", held.id)
    assert code == 1 and "✗ not the same" in shown and "/standards/0/evidence" in shown


def test_work_that_waits_is_listed_cancelled_resumed_and_done_by_a_worker(typed: Typed) -> None:
    filled(typed)
    asked = ("run", "evaluation", "GB 36980.1-2025", "--records", "vehicles", "--no-wait", "--key", "nightly", "--json")
    job = json.loads(typed(*asked)[1])["job"]
    assert job["state"] == "queued" and json.loads(typed(*asked)[1])["job"]["id"] == job["id"]
    assert "– cancelled" in typed("jobs", "--cancel", job["id"])[1] and "queued" in typed("jobs", "--resume", job["id"])[1]
    assert typed("work", "--once")[0] == 0
    (done,) = json.loads(typed("jobs", "--json")[1])
    assert done["state"] == "done" and done["result"]
    assert done["result"] in typed("list", "--results")[1] and json.loads(typed("replay", "--json")[1])["result"] == done["result"]


def test_work_that_fails_says_why_and_exits_with_2(typed: Typed) -> None:
    filled(typed)
    code, shown, said = typed("run", "evaluation", "GB 36980.1-2025", "--records", "vehicles", "--argument", "onn=1")
    assert code == 2 and "✗ failed" in shown and "argument-unknown" in said and "on" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "dance", "GB 36980.1-2025"), "kind-unknown"), (("run", "proof", "GB 36980.1-2025", "--argument", "x"), "set-malformed"),
        (("run", "proof", "GB 36980.1-2024"), "unknown-edition"), (("replay", "none"), "unknown-result"), (("verify", "--head", "x"), "head-malformed"),
        (("jobs", "--cancel", "none"), "unknown-job"), (("run", "evaluation", "GB 36980.1-2025", "--records", "none"), "unknown-record-set"),
        (("import-shelf", "nowhere"), "folder-missing"), (("run", "proof", "GB 36980.1-2025", "--argument", "x=@nowhere"), "file-unreadable"),
        (("add-records", "nowhere.csv"), "file-missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_exits_with_2(typed: Typed, words: tuple[str, ...], code: str) -> None:
    filled(typed)
    exit_code, _, said = typed(*words)
    assert exit_code == 2 and f"[{code}]" in said


def test_verify_finds_what_was_altered_and_knows_a_head_that_was_noted(typed: Typed, places: Places) -> None:
    filled(typed)
    typed("run", "evaluation", "GB 36980.1-2025", "--records", "vehicles")
    told = json.loads(typed("verify", "--json")[1])
    assert told["problems"] == [] and told["counted"]["results"] == 1 and told["counted"]["files"] == 2
    head = f"{told['head']['seq']}:{told['head']['hash']}"
    assert typed("verify", "--head", head)[0] == 0
    code, shown, said = typed("verify", "--head", f"{told['head']['seq'] + 1}:{'0' * 64}")
    assert code == 1 and "audit-broken" in said and "✗" in shown
    from store.test_store import unguarded

    store = places.at(*typed.place)  # type: ignore[attr-defined]
    for table, statement in (("result", "UPDATE result SET body = '{}'"), ("document", "UPDATE document SET content = sha256_or_not")):
        unguarded(store, table, statement.replace("sha256_or_not", "x''" if store.is_sqlite else "'\\x00'"))
    next(store.folder.rglob("*.parquet")).write_bytes(b"")
    code, _, said = typed("verify")
    assert code == 1 and all(f"[{each}]" in said for each in ("result-altered", "edition-altered", "store-file-altered"))


def test_a_backup_is_written_tried_and_restored(typed: Typed, places: Places, tmp_path: Path) -> None:
    filled(typed)
    to = str(tmp_path / "all.guiju")
    shown = typed("backup", to)[1]
    assert "head of the log" in shown and "sets of records" in shown
    assert "file-exists" in typed("backup", to)[2] and typed("backup", to, "--overwrite")[0] == 0
    assert "store-not-empty" in typed("restore", to)[2]
    other = places.words()
    assert "a dry run" in typed("restore", to, "--dry-run", at=other)[1] and "store-missing" in typed("list", at=other)[2]
    assert "restored to" in typed("restore", to, at=other)[1]
    assert typed("verify", at=other)[0] == 0 and typed("list", at=other)[1] == typed("list")[1]


def test_without_its_driver_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from guiju.base.diagnostics import Refused
    from guiju.store.database import store_at

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refused) as refused:
        store_at("postgresql://me@host/name", tmp_path)
    assert [d.code for d in refused.value.diagnostics] == ["store-driver"]
