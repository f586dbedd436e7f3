"""Formatting: a document of the written form laid out in one way, with its comments, meaning what it meant.

Keys stand in the order of their shape, sections are parted by a blank line, what fits on a line and was on one stays on one, and quotes
stand where YAML needs them. Numbers, units and words are never touched; of an expression only the spaces are, and only where it reads back
as the same expression. What is written is read again before it is given out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import yaml

from guiju.base.diagnostics import Problems, Span
from guiju.standard.document import Fields, Item, Listing, Scalar, entries_of, read
from guiju.standard.expression import parse
from guiju.standard.form import EXAMPLES, SHAPE
from guiju.standard.layout import Branch, Entry, Leaf, layout
from guiju.standard.shape import Either, Kind, ListOf, MapOf, Shape

WIDTH, LONGEST = 130, 140
"""A collection is put on one line, and a long text is wrapped, to the first; a text is let alone up to the second."""
EXPRESSIONS = frozenset(("shall", "should", "when", "where", "of", "formula", "value"))
"""Keys whose text, where it is one, is an expression."""
ORDERS = {
    "row": ("key", "at", "above", "from", "upto", "below", "value"), "exception": ("zh", "en", "when", "shall", "exempt"),
    "parameter": ("zh", "en", "unit", "value", "values"), "clause": ("zh", "en", "when", "shall", "should", "compare", "except", "method"),
}  # fmt: skip
"""Keys that read better in another order than that of their shape; those not named follow."""
_SPECIAL = re.compile(r"[,\[\]{}:#'\"]")
"""What keeps its quotes, though it may not need them where it stands."""
_PRINTED = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def formatted(text: str, file: str, problems: Problems) -> str | None:
    """The text laid out in the one way; None where it cannot be read, which is reported."""
    document = read(text, file, problems)
    if problems.has_errors or document.root is None:
        return None
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    laid = layout(plain if plain.endswith("\n") else plain + "\n")
    if laid is None:
        return text
    kind = kind_of(document.root)
    lines = [*_trimmed(laid.head), *([""] if laid.head else []), *_Writer().root(laid.root, kind)]
    made = "\n".join(line.rstrip() for line in lines) + "\n"
    again = read(made, file, Problems())
    if again.root is None or not same(document.root, again.root) or comments(plain) != comments(made):
        problems.add("format-would-change", Span(file, 1, 1, 1, 2), file=file)
        return None
    return made


def kind_of(root: Item) -> Kind:
    """The shape of a document, told from its keys; nothing is known of the keys of any other document."""
    keys = {key.text for key, _ in entries_of(root)}
    return EXAMPLES if "examples" in keys else SHAPE if keys & {"standard", "guiju"} and "inputs" in keys and "key" not in keys else "text"


def same(left: Item, right: Item, key: str = "") -> bool:
    """Whether two documents hold the same: keys in any order, and expressions with spaces elsewhere."""
    match left, right:
        case Scalar(), Scalar():
            return left.text == right.text or (key in EXPRESSIONS and _same_expression(left.text, right.text))
        case Listing(), Listing():
            return len(left.items) == len(right.items) and all(same(a, b, key) for a, b in zip(left.items, right.items, strict=True))
        case Fields(), Fields():
            there = {name.text: value for name, value in right.entries}
            return len(there) == len(left.entries) and all(k.text in there and same(v, there[k.text], k.text) for k, v in left.entries)
        case _:
            return False


def comments(text: str) -> list[str]:
    """Every comment of a text, in no order."""
    laid = layout(text)
    found: list[str] = list(laid.head) if laid else []
    waiting = [laid.root] if laid else []
    while waiting:
        branch = waiting.pop()
        found += branch.tail
        for entry in branch.entries:
            found += [*entry.above, *entry.beside]
            if isinstance(entry.value, Branch):
                waiting.append(entry.value)
    return sorted(said for said in found if said)


def _same_expression(left: str, right: str) -> bool:
    a, b = (parse(Scalar(text, Span("", 1, 1, 1, 2), None), Problems(), quantity=True) for text in (left, right))
    return a is not None and a == b


class _Writer:
    def root(self, branch: Branch, kind: Kind) -> list[str]:
        lines: list[str] = []
        for entry in _ordered(branch, kind):
            above = _trimmed(entry.above)
            lines += [*([""] if lines else []), *above, *self.entry(entry, _within(kind, entry), 0)]
        tail = _trimmed(branch.tail)
        return [*lines, *([""] if tail and branch.tail[0] == "" else []), *tail]

    def block(self, branch: Branch, kind: Kind, indent: int) -> list[str]:
        lines: list[str] = []
        for entry in _ordered(branch, kind):
            above = _single(entry.above) if lines else _trimmed(entry.above, end=False)
            lines += [_indented(said, indent) for said in above]
            lines += self.entry(entry, _within(kind, entry), indent)
        tail = _single(branch.tail)
        while tail and not tail[-1]:
            tail.pop()
        return lines + [_indented(said, indent) for said in tail]

    def entry(self, entry: Entry, kind: Kind, indent: int) -> list[str]:
        """The lines of an entry, without what stands above it."""
        key = None if entry.key is None else entry.key.text
        opening = "-" if entry.key is None else f"{self.key(entry.key)}:"
        *earlier, beside = entry.beside or [""]
        before = [_indented(said, indent) for said in earlier]
        after = f"  {beside}" if beside else ""
        if isinstance(entry.value, Leaf):
            first, *rest = self.value(entry.value, key, indent, len(opening) + 1)
            if rest and first[0] not in "|":
                rest[-1] += after
                after = ""
            return [*before, f"{' ' * indent}{opening} {first}{after}", *rest]
        flow = self.flow(entry.value, kind)
        filled = None if flow is None else _filled(flow, entry.value, indent + len(opening) + 1)
        if filled:
            filled[-1] += after
            return [*before, f"{' ' * indent}{opening} {filled[0]}", *filled[1:]]
        if entry.key is not None:
            return [*before, f"{' ' * indent}{opening}{after}", *self.block(entry.value, kind, indent + 2)]
        inner = self.block(entry.value, kind, indent + 2)
        lifted = 0  # what stands above the first key of an item goes above its dash
        while inner[lifted].lstrip().startswith("#") or not inner[lifted].strip():
            lifted += 1
        above = [*([beside] if beside else []), *(line.strip() for line in inner[:lifted])]
        return [*before, *(_indented(said, indent) for said in above), f"{' ' * indent}- {inner[lifted].lstrip()}", *inner[lifted + 1 :]]

    def flow(self, branch: Branch, kind: Kind) -> list[str] | None:
        """The parts of a collection that is written on one line; None where a comment stands in it."""
        parts = []
        for entry in _ordered(branch, kind):
            if any(entry.above) or entry.beside:
                return None
            within = _within(kind, entry)
            if isinstance(entry.value, Leaf):
                value: str | None = self.scalar(entry.value, entry.key.text if entry.key else None, flow=True)
            else:
                inner = self.flow(entry.value, within)
                value = None if inner is None else _braced(", ".join(inner), entry.value)
            if value is None:
                return None
            parts.append(value if entry.key is None else f"{self.key(entry.key, flow=True)}: {value}")
        return None if any(branch.tail) else parts

    def value(self, leaf: Leaf, key: str | None, indent: int, used: int) -> list[str]:
        """A scalar in a block; a long plain text goes on, on lines further in, broken as it was where that fits."""
        if leaf.style in ("|", ">") and (literal := _literal(leaf.text, indent)):
            return literal
        text = self.scalar(leaf, key)
        if leaf.lines and " ".join(leaf.lines) == text and indent + used + max(map(len, leaf.lines)) <= LONGEST:
            return [leaf.lines[0], *(_indented(each, indent + 2) for each in leaf.lines[1:])]
        if key in EXPRESSIONS or indent + used + len(text) <= LONGEST or text[0] in "'\"":
            return [text]
        lines, line = list[str](), ""
        for word in re.split(r"(?<! ) (?! )", text):
            room = WIDTH - indent - (2 if lines else used)
            if line and len(line) + 1 + len(word) > room and not word.startswith(("#", "---", "...")):
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        first, *rest = [*lines, line]
        return [first, *(_indented(each, indent + 2) for each in rest)]

    def key(self, leaf: Leaf, *, flow: bool = False) -> str:
        """A key keeps its quotes: of `4.1` and `4.1.1` YAML needs them for one only, and people write both alike."""
        return _quoted(leaf.text) if leaf.style or not _can_be_plain(leaf.text, flow) else leaf.text

    def scalar(self, leaf: Leaf, key: str | None = None, *, flow: bool = False) -> str:
        text = _spaced(leaf.text) if key in EXPRESSIONS else leaf.text
        bare = _can_be_plain(text, flow)
        if bare and (not leaf.style or (not _SPECIAL.search(text) and _is_text(text))):
            return text
        return _quoted(text)


def _braced(text: str, branch: Branch) -> str:
    return f"{{{text}}}" if branch.is_mapping else f"[{text}]"


def _filled(parts: list[str], branch: Branch, column: int) -> list[str] | None:
    """A collection in braces from a column on, over several lines if its parts are no collections; None where it goes into a block."""
    whole = _braced(", ".join(parts), branch)
    if not branch.is_flow:
        return None
    if column + len(whole) <= WIDTH:
        return [whole]
    if any(isinstance(e.value, Branch) for e in branch.entries) or any(column + len(part) + 2 > WIDTH for part in parts):
        return None
    lines: list[str] = []
    for part in parts:
        if lines and column + 1 + len(lines[-1]) + 2 + len(part) + 1 <= WIDTH:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{part},")
    first, *rest = _braced("\n".join(lines)[:-1], branch).split("\n")
    return [first, *(_indented(line, column + 1) for line in rest)]


def _ordered(branch: Branch, kind: Kind) -> list[Entry]:
    kind = kind.shape if isinstance(kind, Either) else kind.kind if isinstance(kind, ListOf) and branch.is_mapping else kind
    if not isinstance(kind, Shape) or not branch.is_mapping:
        return branch.entries
    first = ORDERS.get(kind.name, ())
    order = {name: n for n, name in enumerate([*first, *(name for name in kind.keys if name not in first)])}
    return sorted(branch.entries, key=lambda e: order.get(e.key.text if e.key else "", len(order)))


def _within(kind: Kind, entry: Entry) -> Kind:
    """What the value of an entry is."""
    if isinstance(kind, Either):
        kind = kind.shape
    if isinstance(kind, ListOf) and entry.key is not None:
        kind = kind.kind  # one item standing for a list of one
    if isinstance(kind, Shape):
        known = kind.keys.get(entry.key.text) if entry.key else None
        return known.kind if known else "text"
    return kind.kind if isinstance(kind, MapOf | ListOf) else "text"


def _spaced(text: str) -> str:
    """An expression with one space between its parts and around its comparisons, if that is the same expression."""
    parts = re.split(r"('[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|「[^「」]*」)", text)
    for n in range(0, len(parts), 2):
        parts[n] = re.sub(r"\s*(<=|>=|==|!=|≤|≥|≠|<(?!=)|>(?!=))\s*", r" \1 ", re.sub(r"\s+", " ", parts[n]))
        parts[n] = re.sub(r"\s*,\s*", ", ", parts[n])
    made = "".join(parts).strip()
    return made if made == text or _same_expression(text, made) else text


def _can_be_plain(text: str, flow: bool) -> bool:
    if not text or text != text.strip() or _PRINTED.search(text) or re.search(r"[\n\t]|: |:$| #", text) or text.startswith(("---", "...")):
        return False
    if text[0] in ",[]{}#&*!|>'\"%@`" or (text[0] in "-?:" and (len(text) == 1 or text[1] in " ,[]{}")):
        return False
    return not (flow and (re.search(r"[,\[\]{}]", text) or re.search(r":(?=[\s\"'])|\?$", text)))


def _is_text(text: str) -> bool:
    """Whether YAML itself takes a plain text for a text, and not for a number, a truth value or a date."""
    resolver: Any = yaml.SafeLoader("")
    return bool(resolver.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str")


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and "\n" not in text and "\t" not in text and not _PRINTED.search(text):
        return "'" + text.replace("'", "''") + "'"
    return _PRINTED.sub(lambda m: f"\\U{ord(m[0]):08X}", json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7F"))


def _literal(text: str, indent: int) -> list[str] | None:
    """A text of several lines under `|`; None where that cannot hold it."""
    if not text.strip() or text[0] in " \n\t" or _PRINTED.search(text):
        return None
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    sign = "|" + ("-" if ends == 0 else "" if ends == 1 else "+")
    if any(line != line.rstrip() for line in body.split("\n")):
        return None
    return [sign, *(_indented(line, indent + 2) for line in body.split("\n")), *([""] * (ends - 1))]


def _indented(said: str, indent: int) -> str:
    return f"{' ' * indent}{said}" if said else ""


def _single(lines: Sequence[str]) -> list[str]:
    """Without a second blank line in a row."""
    return [said for n, said in enumerate(lines) if said or n == 0 or lines[n - 1]]


def _trimmed(lines: Sequence[str], *, end: bool = True) -> list[str]:
    """Without blank lines at the beginning, and at the end."""
    kept = _single(lines)
    while kept and not kept[0]:
        kept.pop(0)
    while end and kept and not kept[-1]:
        kept.pop()
    return kept
