"""Judging over HTTP: one record with its explanation, and any number of records as lines that stream through."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from guiju.api.exact import ExactRoute, Json, json_text, read_json
from guiju.api.paths import ERRORS, Named, On
from guiju.api.shapes import EvaluateAnswer, EvaluateRequest, Line
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Language, Problems
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.explain import as_json, explain
from guiju.standard.dictionary import Dictionary

router = APIRouter(prefix="/api/v1", tags=["judging"], route_class=ExactRoute, responses=ERRORS)
EXAMPLE = {"record": {"consumption": "13.93", "curb_mass": 1780}, "on": "2026-07-01"}


@router.post("/standards/{name}/evaluate", response_model=EvaluateAnswer, summary="判定一条记录 · Judge one record")
def evaluate_record(
    request: Request, name: Named, asked: Annotated[EvaluateRequest, Body(openapi_examples={"a car": {"value": EXAMPLE}})]
) -> Response:  # fmt: skip
    """Exact: write decimals as JSON numbers or as texts, with or without a unit. What cannot be used is refused with every problem."""
    program: Program = request.state.programs.of(name, as_of(asked.on), asked.corrected)
    problems = Problems()
    record = admit(program.inputs, asked.record, problems, dictionary=request.state.shelf.dictionary)
    problems.refuse_errors()
    request.app.state.metrics.verdicts.inc()
    return Json(judged(evaluate(program, record), request.state.language if asked.explain else None))


def judged(evaluation: Evaluation, language: Language | None) -> dict[str, Any]:
    """An evaluation as JSON.

    language   of the explanation; None: without one
    """
    program = evaluation.program
    unknown = evaluation.why_unknown(program.overall) if program.overall else Unknown()
    verdicts = {no: verdict.value for no, verdict in evaluation.verdicts.items()}
    return {
        "standard": program.standard.number, "on": program.on, "content_hash": program.content_hash,
        "text": "corrected" if program.standard.corrected else "written", "overall": verdicts.get("overall"), "verdicts": verdicts,
        "values": {name: known(evaluation.of(node)) for name, node in _values(program).items()},
        "missing": sorted(unknown.missing) if verdicts.get("overall") == "undetermined" else [],
        "undefined": sorted(unknown.undefined) if verdicts.get("overall") == "undetermined" else [],
        "explanation": as_json(explain(evaluation, language)) if language is not None else None,
    }  # fmt: skip


def _values(program: Program) -> Mapping[str, Node]:
    """What a standard computes beside verdicts."""
    verdicts = {name for m in program.judged for name in (m.no, f"{m.no}?")}
    return {name: node for name, node in program.roots.items() if name not in verdicts and not name.endswith("?")}


def known(value: Value) -> Any:
    return None if type(value) is Unknown else value


# many


@router.post(
    "/standards/{name}/evaluate-many", summary="判定许多记录，逐行流式 · Judge many records, line by line", response_class=StreamingResponse,
    openapi_extra={"requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}, "examples": {
        "two cars": {"value": '{"key": "a", "consumption": 13.93, "curb_mass": 1780}\n{"key": "b", "consumption": 12.0, "curb_mass": 1780}\n'}}}}}},
    responses={200: {"model": Line, "content": {"application/x-ndjson": {"schema": {"$ref": "#/components/schemas/Line"}}}}},
)  # fmt: skip
async def evaluate_many(
    request: Request, name: Named, on: On = None, corrected: bool = False,
    key: Annotated[str, Query(max_length=200, description="the member of a record that names it; it is given back")] = "key",
) -> Response:  # fmt: skip
    """A JSON object per line in, a line out for each, in order, and a last line with counts. A line that cannot be read or a value that cannot
    be used is told on its own line; the others go on. It takes no more in than has been given out."""
    program = await run_in_threadpool(request.state.programs.of, name, as_of(on), corrected)
    stream = Stream(program, request.state.shelf.dictionary, key, request.app.state.settings.record_bytes_max)
    return Streamed(_answers(request, stream), media_type="application/x-ndjson")


async def _answers(request: Request, stream: Stream) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        lines = stream.lines_of(chunk)
        for at in range(0, len(lines), LINES_AT_ONCE):
            yield await run_in_threadpool(stream.judge, lines[at : at + LINES_AT_ONCE])
            request.app.state.metrics.verdicts.inc(len(lines[at : at + LINES_AT_ONCE]))
    yield await run_in_threadpool(stream.end)


class Streamed(StreamingResponse):
    """An answer that reads the request while it is given. Starlette's own, on some servers, reads it too, to see whether somebody has left."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect, OSError):
            await self.stream_response(send)


LINES_AT_ONCE = 200
"""Judged in one go: large enough to be worth a thread, small enough that the first answers come at once."""
TOO_LONG = b"\0"
"""Stands in the place of a line that was too long to be kept."""


@dataclass
class Stream:
    """Records that stream through one program. Holds at most one unfinished line."""

    program: Program
    dictionary: Dictionary
    key: str
    longest: int
    number: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    unusable: int = 0
    _rest: bytearray = field(default_factory=bytearray)
    _is_skipping: bool = False

    def lines_of(self, chunk: bytes) -> list[bytes]:
        """The lines a chunk brings to their ends."""
        *ended, rest = chunk.split(b"\n")
        found = []
        for each in ended:
            found.append(self._ended(each))
        if not self._is_skipping:
            self._rest += rest
            if len(self._rest) > self.longest:
                self._rest.clear()
                self._is_skipping = True
        return found

    def _ended(self, last: bytes) -> bytes:
        line = TOO_LONG if self._is_skipping or len(self._rest) + len(last) > self.longest else bytes(self._rest) + last
        self._rest.clear()
        self._is_skipping = False
        return line

    def judge(self, lines: Sequence[bytes]) -> bytes:
        """The answers, a line each; empty lines have none, but are counted."""
        return b"".join(json_text(answer).encode() + b"\n" for line in lines if (answer := self._answer(line)) is not None)

    def end(self) -> bytes:
        """The answer to a last line without an end, and the counts."""
        last = self.judge([self._ended(b"")]) if self._rest or self._is_skipping else b""
        program = self.program
        summary = {"records": sum(self.counts.values()), "verdicts": dict(self.counts), "unusable_lines": self.unusable,
                   "standard": program.standard.number, "on": program.on, "content_hash": program.content_hash}  # fmt: skip
        return last + json_text({"summary": summary}).encode() + b"\n"

    def _answer(self, line: bytes) -> dict[str, Any] | None:
        self.number += 1
        if not line.strip():
            return None
        record = self._record(line)
        if isinstance(record, Diagnostic):
            self.unusable += 1
            return {"line": self.number, "diagnostics": [record.as_json()]}
        problems, name = Problems(), record.pop(self.key, None) if self.key not in self.program.inputs else record.get(self.key)
        evaluation = evaluate(self.program, admit(self.program.inputs, record, problems, dictionary=self.dictionary))
        overall = evaluation.judge(self.program.overall) if self.program.overall else None
        self.counts[overall.value if overall else "judged"] += 1
        waits = sorted(evaluation.why_unknown(self.program.overall).missing) if self.program.overall and overall is Verdict.UNDETERMINED else []
        return {
            "line": self.number, **({"key": str(name)} if name is not None else {}), "overall": overall.value if overall else None,
            "verdicts": {no: verdict.value for no, verdict in evaluation.verdicts.items()}, **({"missing": waits} if waits else {}),
            **({"diagnostics": [each.as_json() for each in problems.found]} if len(problems) else {}),
        }  # fmt: skip

    def _record(self, line: bytes) -> dict[str, Any] | Diagnostic:
        if line is TOO_LONG:
            return Diagnostic("line-too-long", None, {"limit": str(self.longest)})
        try:
            found = read_json(line)
        except json.JSONDecodeError as error:
            return Diagnostic("request-not-json", None, {"reason": f"{error.msg} ({error.pos + 1})"})
        return found if isinstance(found, dict) else Diagnostic("line-no-record", None, {})

