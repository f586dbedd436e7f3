"""A later or earlier moment for every store: that of its database, moved by the seconds a file holds. No switch of the product does this."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


def move(file):
    """From now on the clock of every store of this process is moved by what the file says; gives what undoes it."""
    from guiju.store import database

    def moved(connection):
        return database.database_clock(connection) + timedelta(seconds=float(file.read_text()))

    before = database.Store.__init__.__defaults__
    assert before[-1] is database.database_clock, "the clock is the last that may be left out"
    database.Store.__init__.__defaults__ = (*before[:-1], moved)

    def undo():
        database.Store.__init__.__defaults__ = before

    return undo


@dataclass(frozen=True)
class Moved:
    """How far the clock is from now. file: holds the seconds; what lives by it reads it each time"""

    file: Path

    def days(self, days: float) -> None:
        """days   from now; negative: in the past. For all processes at once"""
        beside = self.file.with_suffix(".new")
        beside.write_text(str(days * 86_400))
        beside.replace(self.file)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))


@contextmanager
def moved_by(file: Path, days: float) -> Iterator[Moved]:
    """The stores of this process, at a moment that may be set."""
    found = Moved(file)
    found.days(days)
    undo = move(file)
    try:
        yield found
    finally:
        undo()
