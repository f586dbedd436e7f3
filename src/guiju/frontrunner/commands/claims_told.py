"""What `guiju frontrunner claims` prints."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from guiju.cli.console import language, say
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.zone.asking import ask, ask_line
from guiju.frontrunner.zone.checking import VERDICTS, Checked
from guiju.frontrunner.zone.feed import read_feed, tally
from guiju.frontrunner.zone.gathered import Gathered, gather
from guiju.frontrunner.zone.told import MARKS, checked_json
from guiju.standard.shelf import Shelf


def _gathered(library: Path) -> Gathered:
    dictionary = Shelf().dictionary
    return gather([read_library(library, dictionary)], (), dictionary)


def told(library: Path, text: str, product: str, as_json: bool) -> bool:
    """Prints a text, checked; gives whether anything is contradicted.

    raises   Refused: what `read_library` finds, zone-no-text, zone-no-product
    """
    found = ask(_gathered(library), text, product)
    if as_json:
        typer.echo(json.dumps(checked_json(found), ensure_ascii=False, indent=2))
    else:
        _lines(found)
    return bool(found.count("contradicted"))


def _lines(found: Checked) -> None:
    for unlike in found.unlike:
        typer.echo(say(f"! 「{found.text[unlike.start : unlike.end]}」不是库中的「{unlike.name}」",
                       f"! “{found.text[unlike.start : unlike.end]}” is not “{unlike.name}” of the library"))  # fmt: skip
    for each in found.findings:
        said = found.text[each.claim.start : each.claim.end]
        typer.echo(f"{MARKS[each.verdict]} {VERDICTS[each.verdict].text(language())}  {said}  {each.why.text(language())}")
        for compared in each.rests_on:
            typer.echo(f"    {compared.text.text(language())}  [{compared.value.cited}]")
    if not found.findings:
        typer.echo(say("没有读出可以核对的说法", "no claim that could be checked was read"))


def fed(library: Path, feed: Path, as_json: bool) -> bool:
    """Prints how many claims of a feed are of each verdict, or all of it as JSON; gives whether anything is contradicted.

    raises   Refused: what `read_library` and `read_feed` find
    """
    gathered, lines = _gathered(library), read_feed(feed)
    if as_json:
        typer.echo(json.dumps([{"row": line.number, "id": line.id, **checked_json(ask_line(gathered, line))} for line in lines], ensure_ascii=False))
    counted = tally(lines, lambda line: ask_line(gathered, line))
    if not as_json:
        typer.echo(say(f"{counted.rows} 条文案", f"{counted.rows} texts"))
        for verdict, title in VERDICTS.items():
            typer.echo(f"{MARKS[verdict]} {title.text(language())}  {counted.claims[verdict]}")
    return bool(counted.claims["contradicted"])
