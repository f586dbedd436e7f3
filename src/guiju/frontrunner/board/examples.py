"""Examples: the bundled library of declared standards in a store, and the boards of one scheme over it; all of it made up, and marked so."""

from __future__ import annotations

from guiju.frontrunner.board.work import board
from guiju.frontrunner.library.kept import bring, libraries
from guiju.frontrunner.scheme import located_scheme
from guiju.standard.shelf import Shelf, data_folder
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.editions import edition_named
from guiju.store.jobs import submit
from guiju.store.results import Request
from guiju.store.worker import Worker

NAME, SCHEME, STANDARD = "examples", "bev-cars", "T/GUIJU 701-2026"


def bring_examples(store: Store, actor: str) -> bool:
    """Keeps the library and runs the boards, both of the first organisation; gives whether they were not there yet.

    raises   Refused: what is wrong with the library, unknown-edition where the standards are not in the store
    """
    if NAME in {each.name for each in libraries(store)}:
        return False
    first, shelf = first_organisation(store), Shelf()
    bring(store, NAME, data_folder() / "examples" / "frontrunner" / "library", shelf.dictionary, actor, organisation=first)
    asked = {"scheme": located_scheme(shelf, SCHEME).read_text(encoding="utf-8"), "library": NAME, "revision": 1, "forms": "html pdf"}
    submit(store, Request("board", (edition_named(store, STANDARD).id,), arguments=asked), first, actor)
    Worker(store, {"board": board}).drain()
    return True
