"""Contexts: the solver made fit for threads. Terms live in a context, and a context is not made for two threads at a time.

Each thread makes its terms in a context of its own. And Python frees what is in a cycle in whichever thread happens to collect garbage, a job's
heartbeat say: every context is told so, and frees such terms itself, in its next call. Without either, processes crash or never end.
"""

from __future__ import annotations

import threading
from fractions import Fraction
from functools import cache
from typing import Any

_own = threading.local()
"""What each thread has for itself: its context, and the constants made in it."""


@cache
def solver_library() -> Any:
    """The solver, imported when it is first needed: the command line starts without it."""
    import z3

    z3.main_ctx = z3.z3.main_ctx = own_context
    return z3


def new_context() -> Any:
    """A context that bears that other threads free its terms."""
    z3 = solver_library()
    made = z3.Context()
    z3.z3core.Z3_enable_concurrent_dec_ref(made.ref())
    return made


def own_context() -> Any:
    """The context in which this thread makes its terms."""
    if not hasattr(_own, "context"):
        _own.context, _own.reals = new_context(), {}
    return _own.context


def real(value: Fraction) -> Any:
    """A constant as a term of sort Real, made once."""
    context = own_context()
    if value not in _own.reals:
        _own.reals[value] = solver_library().Q(value.numerator, value.denominator, context)
    return _own.reals[value]
