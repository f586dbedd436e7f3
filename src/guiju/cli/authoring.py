"""Commands for those who write standards: schema, format, new; and what a shell may complete."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.cli.console import Exit, console, refusals, say, show
from guiju.records.mapping import MAPPING
from guiju.standard.document import load
from guiju.standard.formatting import formatted
from guiju.standard.schema import DOCUMENTS, schema
from guiju.standard.shape import Kind, did_you_mean
from guiju.standard.shelf import Shelf

SCHEMAS: Mapping[str, Kind] = {**DOCUMENTS, "mapping": MAPPING}


def schema_text(name: str) -> str:
    """The JSON Schema of a document as it is written out, with the properties of the dictionary to choose from.

    raises   Refused: unknown-word
    """
    if name not in SCHEMAS:
        facts = {"word": name, "known": ", ".join(SCHEMAS), **did_you_mean(name, SCHEMAS, listed=True)}
        raise Refused([Diagnostic("unknown-word", None, facts)])
    properties = sorted(Shelf().dictionary) if name == "standard" else ()
    return json.dumps(schema(name, SCHEMAS[name], properties), ensure_ascii=False, indent=1) + "\n"


def print_schema(name: str) -> None:
    """Prints the JSON Schema of one of the documents of the written form."""
    with refusals():
        print(schema_text(name), end="")


def format_files(paths: Sequence[Path], check: bool) -> Exit:
    """Lays out the files, and the standards and examples in the folders, in the one way; gives the exit code.

    check   nothing is written; FAILS where a file would be
    """
    problems, texts, changed, seen = Problems(), dict[str, str](), 0, 0
    for path in dict.fromkeys(file for given in paths for file in _files(given, problems)):
        seen += 1
        own = Problems()
        document = load(path, own)
        made = None if own.has_errors else formatted(document.text, document.file, own)
        problems.extend(own.found)
        texts[document.file] = document.text
        if made is None or made.encode() == path.read_bytes():
            continue
        changed += 1
        console().print(say(f"{'应重排' if check else '已重排'} {path}", f"{'would lay out' if check else 'laid out'} {path}"))
        if not check:
            with refusals():
                replace_text(path, made)
    show(problems.found, texts)
    done = say("应重排" if check else "已重排", "to lay out" if check else "laid out")
    console().print(say(f"{seen} 个文件，{changed} 个{done}", f"{seen} files, {changed} {done}"))
    return Exit.WRONG_INPUT if problems.has_errors else Exit.FAILS if check and changed else Exit.OK


TEMPLATES = Path(__file__).with_name("templates")
KINDS = ("limits", "graded", "methodology")


def new_standard(folder: Path, kind: str) -> None:
    """Writes the three files of a standard that is complete and runs, for its author to change; nothing that is there is touched.

    raises   Refused: unknown-word, file-exists, file-unwritable
    """
    if kind not in KINDS:
        raise Refused([Diagnostic("unknown-word", None, {"word": kind, "known": ", ".join(KINDS), **did_you_mean(kind, KINDS, listed=True)})])
    sources = [TEMPLATES / kind / "standard.yaml", TEMPLATES / kind / "examples.yaml", TEMPLATES / "SOURCE.md"]
    there = [folder / source.name for source in sources if (folder / source.name).exists()]
    if there:
        raise Refused([Diagnostic("file-exists", None, {"file": str(path)}) for path in there])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            with (folder / source.name).open("x", encoding="utf-8", newline="\n") as out:
                out.write(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(folder), "reason": error.strerror or str(error)})]) from None


def print_new(folder: Path, kind: str) -> None:
    """`guiju new`: writes the template and says what to do next."""
    with refusals():
        new_standard(folder, kind)
    console().print(say(f"已写出 {folder}。改好以后运行 guiju check {folder}", f"wrote {folder}. Change it, then run guiju check {folder}"))


def names_like(beginning: str) -> list[tuple[str, str]]:
    """Ways to go on with the name of a standard, as its folder or its number are written, with the number; none holds a space."""
    found = []
    for number, path in Shelf().paths().items():
        for name in (path.name, number.replace(" ", "")):
            if name.casefold().startswith(beginning.casefold()):
                found.append((beginning + name[len(beginning) :], number))
                break
    return found


def _files(path: Path, problems: Problems) -> Iterator[Path]:
    """The file itself, or every standard and its examples below a folder."""
    if path.is_dir():
        yield from sorted(file for name in ("standard.yaml", "examples.yaml") for file in path.rglob(name))
    elif path.is_file():
        yield path
    else:
        problems.add("file-unreadable", None, file=path, reason=os.strerror(2))


def replace_text(path: Path, text: str) -> None:
    """Puts a text in place of a file: the old one or the new one is there at any time, never half of one.

    raises   Refused: file-unwritable
    """
    partial = None
    try:
        path = path.resolve()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        partial = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        shutil.copymode(path, partial)
        partial.replace(path)
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
