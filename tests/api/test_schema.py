"""What /openapi.json says is what the routes do: requests made from the schema at random, right and wrong ones, against the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api_clients import Bench, bench, client
from guiju.api.permissions import PERMISSIONS

EXAMPLES = 12


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("store"), per_minute=1_000_000, logins_per_minute=1_000_000) as found:
        yield found


@pytest.fixture(scope="module")
def described(made: Bench) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", made.client.app)


ROUTES = [(method.upper(), path) for path, operations in client().app.openapi()["paths"].items() for method in operations]  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=["right", "wrong"])
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_every_answer_is_one_the_schema_promises(made: Bench, described: Any, method: str, path: str, mode: GenerationMode) -> None:
    @given(described[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        # What is well formed may still name nothing that is there: then 404 or 422 is what the schema promises. Of a stream every line is answered.
        excluded = [positive_data_acceptance, *([negative_data_rejection] if path.endswith("/evaluate-many") else [])]
        case.call_and_validate(headers=made.by("admin-at-first"), excluded_checks=excluded)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is a right request for every route"


def test_the_schema_has_examples_that_work(made: Bench) -> None:
    described = made.client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    tried = 0
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in body.get("examples", {}).values():
                filled = path.replace("{name}", "GB-36980.1-2025").replace("{question}", "satisfiable")
                if "{id}" in filled or not PERMISSIONS[f"{method.upper()} {path}"] & {"admin", "public"}:
                    continue  # about something that must first be there, or another's matter: its own tests try it
                found = made.client.request(method, filled, json=example["value"], headers=made.by("admin-at-first"))
                assert found.status_code < 300, (path, found.text)
                tried += 1
    assert tried >= 5
