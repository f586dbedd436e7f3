"""The shapes of what is sent and answered, for the door and for OpenAPI. Strict: a text is no number, and what has no place is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

DOCUMENT_CHARACTERS_MAX = 2_000_000
Word = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$")]
Date = Annotated[str, StringConstraints(max_length=40), Field(examples=["2026-07-01"], json_schema_extra={"format": "date"})]
Whole = Annotated[int, BeforeValidator(lambda value: int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value)]
"""A whole number; JSON may write 30 as 30.0."""
Value = Annotated[Any, Field(description="a number (exact: write 13.92 or \"13.92\"), a text with or without a unit, true, false, null; "
                             "an object per scenario, a list per child")]  # fmt: skip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Titles(BaseModel):
    zh: str
    en: str


class Span(BaseModel):
    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class DiagnosticShape(BaseModel):
    """One problem, as the command line has it."""

    model_config = ConfigDict(title="Diagnostic")
    code: str
    severity: Literal["note", "warning", "error"]
    where: Span | None
    zh: str
    en: str
    help_zh: str
    help_en: str


class Problem(BaseModel):
    """RFC 9457, with every diagnostic."""

    type: str
    title: str
    status: int
    detail: str
    diagnostics: list[DiagnosticShape]
    request_id: str


class Summary(BaseModel):
    """A standard in a list. `name` is what stands in its address; `number` is accepted there too."""

    name: str
    number: str
    title: Titles
    edition: str
    level: str
    region: str
    issuer: str
    status: str
    subject: str
    published: str | None
    effective: str | None
    withdrawn: str | None
    clause_count: int
    example_count: int
    unverified: list[str]
    content_hash: str
    published_as: dict[str, Any] | None = Field(description="by whom and when it was published in the store; null: it is shipped")


class Page(BaseModel):
    standards: list[Summary]
    total: int
    next: str | None = Field(description="the cursor of the next page; null on the last")


class CheckRequest(Strict):
    document: Annotated[str, Field(max_length=DOCUMENT_CHARACTERS_MAX, description="standard.yaml")]
    examples: Annotated[str | None, Field(max_length=DOCUMENT_CHARACTERS_MAX, description="examples.yaml")] = None
    lock: Annotated[str | None, Field(max_length=DOCUMENT_CHARACTERS_MAX, description="lock.yaml")] = None
    on: Date | None = None


class CheckAnswer(BaseModel):
    number: str | None
    content_hash: str | None
    examples: int
    proved: int = Field(description="numeric comparisons proved exact")
    errors: int
    warnings: int
    notes: int
    diagnostics: list[DiagnosticShape]


class EvaluateRequest(Strict):
    record: dict[str, Value] = Field(max_length=20_000)
    on: Date | None = Field(None, description="as of this date; default the day the standard takes effect")
    corrected: bool = Field(False, description="read texts believed wrong as corrected, not as written")
    explain: bool = Field(True, description="with the explanation tree")


Verdict = Literal["pass", "fail", "undetermined", "not_applicable"]


class EvaluateAnswer(BaseModel):
    standard: str
    on: str
    content_hash: str
    text: Literal["written", "corrected"]
    overall: Verdict | None
    verdicts: dict[str, Verdict]
    values: dict[str, str | bool | None] = Field(description="indicators, scores, grades and formulas; exact decimals as texts; null: unknown")
    missing: list[str] = Field(description="inputs the whole waits for")
    undefined: list[str]
    explanation: dict[str, Any] | None


class Line(BaseModel):
    """One line of the answer to records that are streamed: of a record, or, last, of them all."""

    line: int | None = None
    key: str | None = None
    overall: Verdict | None = None
    verdicts: dict[str, Verdict] | None = None
    missing: list[str] | None = None
    diagnostics: list[DiagnosticShape] | None = None
    summary: dict[str, Any] | None = None


class ProveRequest(Strict):
    standards: list[Word] = Field(min_length=1, max_length=20, examples=[["GB 36980.1-2025"]])
    on: Date | None = None
    treat_as: dict[Word, Word] = Field(default_factory=dict, description="property asked → property whose value stands for it")
    any_method: bool = False
    scenario: Word | None = None
    target: Word = "overall"
    name: Word | None = None
    better: Literal["higher", "lower"] = "lower"
    steps: Whole = Field(20_000_000, ge=1, le=200_000_000, description="the solver's budget for each of its checks")
    seconds: Whole = Field(30, ge=1, le=120)


class ProveAnswer(BaseModel):
    question: str
    standards: list[dict[str, str]]
    assumed: dict[str, str]
    answers: list[dict[str, Any]]


class CompareRequest(Strict):
    sides: list[Word] = Field(min_length=2, max_length=40, description="standards, or regions by code or name")
    subject: Word | None = None
    on: Date | None = None
    treat_as: dict[Word, Word] = Field(default_factory=dict)
    any_method: bool = False
    must: bool = Field(False, description="only what must be met, not what should")


class DiffRequest(Strict):
    older: Word
    newer: Word
    treat_as: dict[Word, Word] = Field(default_factory=dict)
    any_method: bool = False
