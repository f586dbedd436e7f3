"""Points and verifications over HTTP: a whole course, and what others are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api_clients import client
from guiju.api.settings import Settings
from guiju.store.database import Store
from verifying import ITEM, NUMBER, WHY, People, body, people, results

ROOT = "/api/v1/verifications"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[TestClient, People]]:
    with client(Settings(data=tmp_path, login=True, jobs=False, per_minute=1_000_000)) as found:
        store: Store = found.app.state.store  # type: ignore[attr-defined]
        yield found, people(store)
        store.close()


def test_a_whole_course_over_http(made: tuple[TestClient, People]) -> None:
    web, of = made

    def ask(method: str, path: str, by: str = "", status: int = 200, **sent: Any) -> Any:
        headers = {"authorization": f"Bearer {of.keys[by]}"} if by else {}
        found = web.request(method, path, headers=headers, **({"json": sent} if method == "POST" else {}))
        assert found.status_code == status, found.text
        return found.json() if "json" in found.headers["content-type"] else found.text

    def step(act: str, by: str, status: int = 200, **said: Any) -> Any:
        return ask("POST", f"{at}/steps", by, status, act=act, **said)

    assert len(ask("GET", "/api/v1/points?field=energy-vehicles&q=lab-1")["points"]) == 1
    assert ask("GET", "/api/v1/points/XIHARI")["source"]["grade"] == "B" and len(ask("GET", "/api/v1/points")["fields"]) == 9
    assert ask("POST", "/api/v1/points", "lab1", 201, code="NEW", point=body("lab-1"))["organisation"] == "lab-1"
    ask("POST", "/api/v1/points", "lab1", 403, code="NEW", point=body("lab-2"))
    ask("POST", "/api/v1/points", "lab1", 422, code="NEW", point={**body("lab-1"), "field": "cooking"})
    for code in ("P2", "XIHARI"):  # of another organisation; of nobody here
        ask("POST", "/api/v1/points", "lab1", 403, code=code, point=body("lab-1"))
    assert ask("POST", "/api/v1/points", "chief", 201, code="XIHARI", point=body("local"))["revision"] == 1
    assert ask("GET", "/api/v1/standards/GB-36980.1-2025/points")["points"][0]["answers"][0]["able"]

    first = ask("POST", ROOT, "firm", 201, standard=NUMBER, stage="effect", reason="示意")
    at = f"{ROOT}/{first['id']}"
    ask("GET", at, "outsider", 404)
    ask("GET", at, "", 404)
    step("close", "chief", 409)
    step("accept", "firm", 403, judgement="x")
    assert step("accept", "planner", judgement="在领域内")["state"] == "accepted"
    ask("POST", f"{at}/plan", "planner", 422, clauses={})
    planned = ask("POST", f"{at}/plan", "planner", clauses={"R1": "experiment"}, levels=["A", "B", "C"], within_R=0.8)
    assert (planned["plan"]["laboratories"], planned["plan"]["replicates"]) == (4, 2)
    step("approve", "assessor")
    assert step("call", "chief", text="征集", until="2026-12-31")["state"] == "calling"
    assert ask("GET", at, "outsider")["applications"] == []
    for n in range(1, 5):
        ask("POST", f"{at}/applications", f"lab{n}", point=f"P{n}", laboratory="drum")
    step("withdraw", "lab4", application=4)
    ask("POST", f"{at}/applications", "lab4", point="P4")
    running = ask("POST", f"{at}/orders", "chief", applications=[1, 2, 3, 5], key_holder="keeper")
    assert running["state"] == "running" and set(running["seals"]) == {"samples", "laboratories"} and "codes" not in running["orders"][0]
    ask("GET", f"{at}/key", "chief", 403)
    assert len(ask("GET", f"{at}/key", "keeper")["codes"]) == 24
    for n in range(1, 5):
        sheet = ask("GET", f"{at}/orders/{n}/sheet", f"lab{n}")
        assert sheet.count("\n") == 7 and ask("GET", f"{at}/orders/{n}/sheet", f"lab{n % 4 + 1}", 404)
        given = results(of, first["id"], f"lab{n}")
        ask("POST", f"{at}/orders/{n}/results", f"lab{n}", 409, values=given, after=9)
        ask("POST", f"{at}/orders/{n}/results", f"lab{n}", values=given, submit=True, after=0)
    step("close", "chief")
    ask("GET", f"{at}/studies/{ITEM}", "chief", 404)
    ask("POST", f"{at}/lift", "chief", 403)
    ask("POST", f"{at}/lift", "keeper")
    step("exclude", "planner", item=ITEM, lab="L01", level="A", reason="示意")
    step("confirm", "planner", 403, exclusion=1)
    step("restore", "second", exclusion=1, reason="不成立")
    analysed = ask("POST", f"{at}/analysis", "planner", edition="ISO 5725-2:2019")
    assert analysed["illustrative"] and analysed["analysis"]["studies"][ITEM]["result"]["edition"] == "ISO 5725-2:2019"
    assert ask("GET", f"{at}/studies/{ITEM}", "chief").count("\n") == 25 and ask("GET", f"{at}/studies/{ITEM}", "lab1", 404)
    proposed = ask("GET", f"{at}/proposal", "planner")
    assert proposed["clauses"]["R1"]["scientific"]["verdict"] == "not-verified" and proposed["illustrative"]
    ask("GET", f"{at}/proposal", "chief", 403)
    assert "process-differs" in str(ask("POST", f"{at}/conclusion", "planner", 422, clauses={"R1": {"scientific": {"verdict": "pass"}}}))
    said = {"R1": {"scientific": {"verdict": "pass", "ground": WHY}}}
    assert ask("POST", f"{at}/conclusion", "planner", clauses=said)["state"] == "concluded"
    ask("GET", f"{at}/proposal", "planner", 409)
    assert step("archive", "chief")["state"] == "archived" and ask("GET", at)["conclusion"]["proposed"] == proposed
    assert ask("GET", at)["conclusion"]["clauses"]["R1"]["scientific"]["verdict"] == "pass" and ask("GET", f"{at}/studies/{ITEM}").startswith("lab,")
    assert [each["state"] for each in ask("GET", ROOT)["verifications"]] == ["archived"]
