"""The arrays the mathematics is done on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Numbers = Array | Sequence[float]


def array(numbers: Numbers | float) -> Array:
    return np.asarray(numbers, dtype=np.float64)
