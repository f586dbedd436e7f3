"""What a standard defines, from what, and in which order it can be lowered; cycles are found here, without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.ir.functions import FUNCTIONS, SPECIALS
from guiju.standard import expression as ex
from guiju.standard.model import Declaration, Standard
from guiju.standard.unroll import AGGREGATES, SCENARIO

Definitions = Mapping[str, Declaration]
"""name → the declaration; a clause is named `[no]` and the scope `[]`, which no name can be."""


def declared_names(s: Standard) -> list[str]:
    return [*s.inputs, *s.parameters, *s.tables, *s.formulas, *s.indicators, *s.scores, *s.gradings]


_WORDS = (word for word, name in ex.FUNCTION_WORDS.items() if name not in AGGREGATES)
RESERVED = frozenset((*FUNCTIONS, *SPECIALS, *ex.KEYWORDS, *_WORDS, "overall", "missing", "row", "key", "recheck"))
"""Words of the language, and what readings call their own columns."""


def names_once(s: Standard, problems: Problems) -> None:
    """Names that are taken or reserved; names that differ in case only are one name in a table of results, and clauses stand there too."""
    seen: dict[str, tuple[str, Span]] = {}
    s = s.authored
    groups: tuple[Mapping[str, Any], ...] = (
        s.inputs, s.children, s.parameters, s.tables, s.formulas, s.indicators, s.scores, s.gradings, s.clauses, s.uses,
        s.aggregates, s.populations,
    )  # fmt: skip
    for name, declared in ((name, declared) for group in groups for name, declared in group.items()):
        taken, span = seen.setdefault(name.casefold(), (name, declared.span))
        if span is not declared.span:
            hint = {"hint_zh": f"只有大小写不同的名称（「{taken}」）算作一个", "hint_en": f"names that differ in case only (`{taken}`) are one"}
            line = span.line if span.file == declared.span.file else span
            problems.add("name-taken", declared.span, name=name, line=line, **(hint if taken != name else {}))
        elif name.casefold() in RESERVED or (s.scenarios and name == SCENARIO) or ((s.scenarios or s.children) and name in AGGREGATES):
            problems.add("name-reserved", declared.span, name=name)


def definitions(s: Standard) -> Definitions:
    """Everything a standard defines."""
    groups: tuple[Mapping[str, Declaration], ...] = (s.parameters, s.tables, s.formulas, s.indicators, s.scores, s.gradings, s.populations)
    scope: dict[str, Declaration] = {"[]": s.scope} if s.scope else {}
    named = {name: declared for group in groups for name, declared in group.items() if name not in s.inputs}
    return scope | named | {f"[{no}]": clause for no, clause in s.clauses.items()}


def names_mentioned(s: Standard) -> set[str]:
    """Every name and alias that stands in an expression."""
    return {each.within or each.name for part in s.parts for each in ex.walk(part) if isinstance(each, ex.Name | ex.Call)}


def needed_names(s: Standard, found: Definitions, start: str) -> set[str]:
    """Every name a definition depends on, directly or not; a clause also on the scope."""
    needed, waiting = set(), [start, *(["[]"] if start.startswith("[") else [])]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [*_needs(s, found[name]), *(["[]"] if name in s.populations else [])] if name in found else []
    return needed


def in_order(s: Standard, found: Definitions, problems: Problems) -> list[str]:
    """Definitions, what they depend on first; a cycle is reported once, and its members come in any order."""
    needs = {name: [n for n in _needs(s, declared) if n in found] for name, declared in found.items()}
    for name in needs.keys() & s.populations.keys() if s.scope else ():  # only what is in scope is ranked
        needs[name].append("[]")
    closed: dict[str, bool] = {}
    order: list[str] = []
    for start in needs:
        trail: list[tuple[str, int]] = [(start, 0)]
        while trail:
            name, at = trail.pop()
            if at == 0 and name in closed:
                continue
            closed[name] = False
            if at == len(needs[name]):
                closed[name] = True
                order.append(name)
                continue
            trail.append((name, at + 1))
            needed = needs[name][at]
            if closed.get(needed) is False:
                path = [n for n, _ in trail]
                _report(s, found, [*path[path.index(needed) :], needed], problems)
            elif needed not in closed:
                trail.append((needed, 0))
    return order


def _needs(s: Standard, declared: Declaration) -> Iterable[str]:
    for each in (each for part in declared.parts for each in ex.walk(part)):
        if isinstance(each, ex.Name) and (each.within is None or each.within in s.populations):
            yield each.within or each.name
        elif isinstance(each, ex.Call) and each.within is None:
            yield each.name
            words = [a.text for a in each.args if isinstance(a, ex.Word)]
            if each.name == "pass":
                yield from ("[]", *(f"[{word}]" for word in words))
            elif each.name in ("worst", "count"):
                yield from (i.name for i in s.indicators.values() if i.kind in words)


def _report(s: Standard, found: Definitions, path: list[str], problems: Problems) -> None:
    """A cycle, told from the ranking that takes part in it where one does."""
    ranked = next((n for n in path if n in s.populations), None)
    if ranked is not None:
        start = path.index(ranked)
        path = [*path[start:-1], *path[:start], ranked]
    shown = " → ".join(n.strip("[]") or "scope" for n in path)
    problems.add("cycle" if ranked is None else "ranked-by-itself", getattr(found[path[0]], "span", None), path=shown, name=path[0])
