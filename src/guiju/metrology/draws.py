"""Uniform numbers that depend on the seed and on where they stand, and on nothing else: not on chunks, not on threads.

Philox: number i of dimension d is word i of the stream keyed by (seed, d). Sobol: points of a scrambled net; replicate r has a scrambling of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import numpy as np

from guiju.metrology.array import Array

Sampler = Literal["sobol", "philox"]
_WORDS = 4  # 64-bit words a step of Philox's counter gives
_TINY = 2.0**-54


def philox(seed: int, dimensions: int, first: int, count: int) -> Array:
    """Numbers first … first + count - 1 of every dimension, in (0, 1), shape (dimensions, count)."""
    return next(philox_blocks(seed, dimensions, first, count, max(count, 1)), np.empty((dimensions, 0)))


def philox_blocks(seed: int, dimensions: int, first: int, count: int, block: int) -> Iterator[Array]:
    """The same numbers in blocks, one after the other: beginning a stream costs as much as a thousand numbers of it."""
    streams = [_stream(seed, d, first) for d in range(dimensions)]
    for start in range(0, count, block):
        found = np.empty((dimensions, min(block, count - start)))
        for d, stream in enumerate(streams):
            stream.random(out=found[d])
        yield np.maximum(found, _TINY, out=found)


def _stream(seed: int, dimension: int, first: int) -> np.random.Generator:
    source = np.random.Philox(key=np.array([seed, dimension], dtype=np.uint64))
    source.advance(first // _WORDS)
    stream = np.random.Generator(source)
    stream.random(first % _WORDS)
    return stream


def sobol(seed: int, dimensions: int, replicate: int, log2: int) -> Array:
    """2^log2 points of replicate r, in (0, 1), shape (dimensions, points)."""
    from scipy.stats import qmc

    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, replicate])))
    points: Array = qmc.Sobol(dimensions, scramble=True, rng=rng).random_base2(log2)
    return np.clip(np.ascontiguousarray(points.T), _TINY, 1 - 2.0**-53)


@lru_cache(maxsize=2)
def _net(seed: int, dimensions: int, replicate: int, log2: int) -> Array:
    return sobol(seed, dimensions, replicate, log2)


def points(sampler: Sampler, seed: int, dimensions: int, first: int, count: int, log2: int = 12) -> Array:
    """Points first … first + count - 1 of a sampler, in (0, 1), shape (dimensions, count): point i is the same whatever is asked for beside it.

    log2   Sobol: points are taken from nets of 2^log2 one after the other, each with a scrambling of its own
    """
    if sampler == "philox":
        return philox(seed, dimensions, first, count)
    size, parts = 2**log2, []
    for number in range(first // size, (first + count - 1) // size + 1):
        start, end = max(first - number * size, 0), min(first + count - number * size, size)
        parts.append(_net(seed, dimensions, number, log2)[:, start:end])
    return parts[0].copy() if len(parts) == 1 else np.concatenate(parts, axis=1)
