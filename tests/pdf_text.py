"""The text of a PDF as its reader has it: glyphs through the tables the file brings for copying. For files as typst writes them."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\r?\n(.*?)\r?\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\)|\b(BT|ET)\b", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(content: bytes) -> list[str]:
    """The text of every page, a line for each piece of text that was set."""
    assert content.startswith(b"%PDF-1.7") and content.rstrip().endswith(b"%%EOF"), "a whole PDF"
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    kids = next(re.findall(rb"(\d+) 0 R", body[body.index(b"/Kids") :]) for body in objects.values() if body.startswith(b"<</Type/Pages"))
    return [_page(objects, int(kid)) for kid in kids]


def _page(objects: dict[int, bytes], page: int) -> str:
    resources = objects[_reference(objects[page], rb"/Resources")]
    fonts = re.search(rb"/Font<<(.*?)>>", resources, re.DOTALL)
    assert fonts is not None, "text needs fonts"
    tables = {name: _table(_stream(objects[_reference(objects[int(font)], rb"/ToUnicode")]))
              for name, font in re.findall(rb"/(\w+) (\d+) 0 R", fonts[1])}  # fmt: skip
    said, table, is_text = [], dict[int, str](), False
    for font, glyphs, mark in _SHOWN.findall(_stream(objects[_reference(objects[page], rb"/Contents")])):
        if font:
            table = tables[font]
        elif mark:
            is_text = mark == b"BT"
            said.append("" if is_text else "\n")
        elif is_text:
            held = _ESCAPED.sub(_unescaped, glyphs)
            said.append("".join(table.get(int.from_bytes(held[at : at + 2]), "�") for at in range(0, len(held), 2)))
    return "".join(said)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1].isdigit() else _CONTROLS.get(found[1], found[1])


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(key + rb" (\d+) 0 R", body)
    assert found is not None, key
    return int(found[1])


def _stream(body: bytes) -> bytes:
    held = body[body.index(b"stream\n") + len(b"stream\n") : body.rindex(b"\nendstream")]
    return zlib.decompress(held) if b"/FlateDecode" in body[: body.index(b"stream\n")] else held


def _table(cmap: bytes) -> dict[int, str]:
    """Glyph → letters, of a ToUnicode map."""
    made = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, letters in re.findall(rb"<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)>", block):
            made[int(glyph, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, letters in re.findall(rb"<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)>", block):
            start = bytes.fromhex(letters.decode()).decode("utf-16-be")
            for n in range(int(last, 16) - int(first, 16) + 1):
                made[int(first, 16) + n] = start[:-1] + chr(ord(start[-1]) + n)
    return made
