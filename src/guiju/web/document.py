"""Document: the blocks of a rendered standard as HTML: names lead to where they are declared, citations open their source in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from guiju.base.diagnostics import Language
from guiju.ir.program import Program
from guiju.readings.render import Anchor, Block, Code, Grid, Heading, Inline, Lines, Link, Named, sections
from guiju.standard.writing import Naming
from guiju.web.rendering import standard_url, web_address

_BEGIN, _NAME, _TEXT, _END = "\ue000\ue001\ue002\ue003"
"""Around a name within an expression, as text, until it becomes a link; no document can hold these: they are refused as unprintable."""
_MENTION = re.compile(f"{_BEGIN}(.*?){_NAME}(.*?){_TEXT}(.*?){_END}")
_CITED = re.compile(r"\[(\w+)·(\w+)\]")


def _marked(naming: Naming) -> Naming:
    def write(name: str, within: str | None) -> str:
        text = naming(name, within)
        return text if name in ("true", "false") else f"{_BEGIN}{within or ''}{_NAME}{name}{_TEXT}{text}{_END}"

    return write


@dataclass
class Document:
    """A standard in its sections, each a run of HTML; `tables` one by one, with their names."""

    program: Program
    language: Language
    declared: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        s = self.program.standard.authored
        self.known = {*s.inputs, *s.parameters, *s.formulas, *s.tables, *s.indicators, *s.scores, *s.gradings, *s.populations}
        self.blocks = sections(self.program, self.language, _marked)

    def section(self, name: str, level: int = 2) -> Markup:
        """A section without its own heading of that level."""
        blocks = self.blocks[name]
        return self.html(blocks[1:] if blocks and isinstance(blocks[0], Heading) and blocks[0].level == level else blocks)

    def parts(self, name: str, level: int) -> list[tuple[Heading, Markup]]:
        """What stands under each heading of a level."""
        found: list[tuple[Heading, list[Block]]] = []
        for block in self.blocks[name]:
            if isinstance(block, Heading) and block.level == level:
                found.append((block, []))
            elif found:
                found[-1][1].append(block)
        return [(heading, self.html(blocks)) for heading, blocks in found]

    def html(self, blocks: Iterable[Block]) -> Markup:
        return Markup("\n").join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Markup:
        match block:
            case Heading():
                number = Markup('<span class="no">{}</span> ').format(block.number) if block.number else ""
                id_ = Markup(' id="def-{}"').format(block.name) if block.name else ""
                return Markup("<h{0}{1}>{2}{3}</h{0}>").format(block.level, id_, number, block.text)
            case Lines():
                items = Markup("").join(Markup("<li>{}</li>").format(self._item(item)) for item in block.items)
                return Markup('<ul class="lines">{}</ul>').format(items)
            case Grid():
                head = Markup("").join(Markup('<th scope="col">{}</th>').format(h) for h in block.header)
                rows = Markup("").join(self._row(row) for row in block.rows)
                table = '<div class="scroll" tabindex="0" role="group"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
                return Markup(table).format(head, rows)

    def _row(self, row: Sequence[Sequence[Inline]]) -> Markup:
        return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(self.inline(cell)) for cell in row))

    def _item(self, item: Sequence[Inline]) -> Markup:
        """A line whose first words say what it is has them set apart."""
        first = item[0] if item else ""
        if isinstance(first, str) and re.fullmatch(r"[^:：]{1,60}[:：]\s*", first):
            return Markup('<span class="what">{}</span> {}').format(first.rstrip(": ："), self.inline(item[1:]))
        return self.inline(item)

    def inline(self, parts: Sequence[Inline]) -> Markup:
        return Markup("").join(self._piece(part) for part in parts)

    def _piece(self, part: Inline) -> Markup:
        match part:
            case Code():
                return Markup('<code class="expr">{}</code>').format(self.expression(part.text))
            case Anchor():
                return Markup('<span id="source-{0}">{0}</span>').format(part.id)
            case Named():
                id_ = Markup("") if part.name in self.declared else Markup(' id="def-{}"').format(part.name)
                self.declared.add(part.name)
                return Markup("<span{}>{}</span>").format(id_, part.text)
            case Link():
                return web_address(part.address)
            case _:
                return cited(part, self.language)

    def expression(self, text: str) -> Markup:
        """An expression in the signs people print, its names as links."""
        told, at = Markup(""), 0
        for mention in _MENTION.finditer(text):
            told += _signs(text[at : mention.start()]) + self._mention(*mention.groups())
            at = mention.end()
        return told + _signs(text[at:])

    def _mention(self, within: str, name: str, text: str) -> Markup:
        shown = re.sub(r"^「(.*)」$", r"\1", text)
        used = self.program.used.get(within)
        if used is not None:
            return Markup('<a href="{}">{}</a>').format(standard_url(used.number) + f"#def-{name}", shown)
        return Markup('<a href="#def-{}">{}</a>').format(within or name, shown) if (within or name) in self.known else escape(shown)


def _signs(text: str) -> Markup:
    return escape(text.replace(" == ", " = ").replace(" - ", " − "))


def cited(text: str, language: Language) -> Markup:
    """A text with its citations as buttons that open the source; a button needs no script for that."""
    hidden = "出处 " if language == "zh" else "source "
    button = r'<button type="button" class="cite g\2" popovertarget="about-\1"><span class="hidden">' + hidden + r"</span>\1·\2</button>"
    return Markup(_CITED.sub(button, str(escape(text))))
