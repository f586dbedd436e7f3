"""A later or earlier moment for the real program: Python reads this by itself where its folder is on PYTHONPATH, in each process `guiju` starts.

The moment of every store is that of its database, moved by the seconds that the file named by LATER holds. Only what a store writes down is moved:
no switch of the product does this, and what verifies a certificate takes its own clock.
"""

import os
from datetime import timedelta
from pathlib import Path

if "LATER" in os.environ:
    from guiju.store import database

    def moved(connection, now=database.database_clock):
        return now(connection) + timedelta(seconds=float(Path(os.environ["LATER"]).read_text()))

    *others, clock = database.Store.__init__.__defaults__
    assert clock is database.database_clock
    database.Store.__init__.__defaults__ = (*others, moved)
