"""Cuts: where thresholds lie among the values of a population. Exact: a threshold is the value of some product, never one between two.

Here a level is reached by what is as good as its threshold or better. `better` says whether lower or higher values are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused

Better = Literal["lower", "higher"]
Toward = Literal["inward", "outward"]
"""To the stricter side, or to the looser."""


def reaches(value: Fraction, threshold: Fraction, better: Better) -> bool:
    return value <= threshold if better == "lower" else value >= threshold


def level_of(value: Fraction, thresholds: Sequence[Fraction], better: Better) -> int:
    """1 for the best level; one more than there are where none is reached."""
    return next((at for at, each in enumerate(thresholds, 1) if reaches(value, each, better)), len(thresholds) + 1)


def looser(a: Fraction, b: Fraction, better: Better) -> bool:
    """Whether the threshold a lets in more than b."""
    return a > b if better == "lower" else a < b


def at_shares(weighed: Sequence[tuple[Fraction, Fraction]], shares: Sequence[Fraction], better: Better) -> tuple[Fraction, ...]:
    """For each share the strictest value of a product that at least this share of the weight reaches: an order statistic, ties all let in.

    weighed   (value, weight); weights of 1 give quantiles of products, sales those of the market
    shares    of 1, above 0 and at most 1
    raises    Refused: authoring-few
    """
    _refuse_few(weighed, 1)
    ordered = sorted(weighed, key=lambda each: each[0], reverse=better == "higher")
    whole = sum((weight for _, weight in ordered), Fraction(0))
    found = []
    for share in shares:
        sum_ = Fraction(0)
        for value, weight in ordered:
            sum_ += weight
            if sum_ >= share * whole:
                found.append(value)
                break
    return tuple(found)


def at_gaps(values: Sequence[Fraction], levels: int, better: Better) -> tuple[Fraction, ...]:
    """The last value before each of the widest gaps between neighbouring values; of gaps equally wide that on the better side is taken.

    raises   Refused: authoring-few, where there are not more different values than levels
    """
    ordered = _different(values, better)
    _refuse_few(ordered, levels + 1)
    gaps = sorted(range(len(ordered) - 1), key=lambda at: (-abs(ordered[at + 1] - ordered[at]), at))
    return tuple(ordered[at] for at in sorted(gaps[:levels]))


def at_classes(values: Sequence[Fraction], levels: int, better: Better) -> tuple[Fraction, ...]:
    """The worst value of each class but the last, where values are parted into one class more than there are levels so that the sum of squares
    within classes is the least there is (Fisher 1958, known as Jenks's natural breaks; exact one-dimensional k-means).

    By dynamic programming over the different values, whose best last break never moves back (Grønlund et al. 2017, arXiv:1701.07204); exact, in
    whole numbers. Of divisions equally good the one whose breaks lie on the better side is taken.
    raises   Refused: authoring-few
    """
    counts, ordered = Counter(values), _different(values, better)
    _refuse_few(ordered, levels + 1)
    within = _Within(ordered, [counts[value] for value in ordered])
    about, breaks = within.about_first(), list[list[int]]()
    for classes in range(2, levels + 2):
        about, at = _row(about, breaks, within, classes)
        breaks.append(at)
    found, end = [], len(ordered)
    for at in reversed(breaks):
        end = at[end]
        found.append(ordered[end - 1])
    return tuple(reversed(found))


class _Within:
    """The sum of squares of the weighted values from start to before end, about their mean: exact, and as doubles for many starts at once.

    close   more than doubles are ever off, here and in sums of a few of these
    """

    def __init__(self, values: Sequence[Fraction], weights: Sequence[int]) -> None:
        import numpy as np

        self.n, self.s, self.q = [0], [Fraction(0)], [Fraction(0)]
        for value, weight in zip([each - values[0] for each in values], weights, strict=True):
            self.n.append(self.n[-1] + weight)
            self.s.append(self.s[-1] + weight * value)
            self.q.append(self.q[-1] + weight * value * value)
        self.doubles = tuple(np.array([float(each) for each in sums]) for sums in (self.n, self.s, self.q))
        self.close = 1e-11 * self.n[-1] * float(values[-1] - values[0]) ** 2

    def __call__(self, start: int, end: int) -> Fraction:
        n = self.n[end] - self.n[start]
        s = self.s[end] - self.s[start]
        return self.q[end] - self.q[start] - s * s / n if n else Fraction(0)

    def about_first(self) -> Any:
        """As doubles, of the first so many values."""
        import numpy as np

        n, s, q = self.doubles
        return q - s * s / np.maximum(n, 1)

    def about(self, low: int, high: int, end: int) -> Any:
        """As doubles, for every start from low to high."""
        n, s, q = self.doubles
        starts = slice(low, high + 1)
        return q[end] - q[starts] - (s[end] - s[starts]) ** 2 / (n[end] - n[starts])


def _row(before: Any, breaks: Sequence[Sequence[int]], within: _Within, classes: int) -> tuple[Any, list[int]]:
    """For every number of first values the least sum with one class more, and where its last class begins. Ends are halved: breaks only rise.

    Doubles find the few starts that can be the best, exact numbers which of them is.
    before, breaks   the sums with one class less, and where the classes of all rows before begin; there are at least as many values as classes
    """
    import numpy as np

    def exact(start: int, end: int) -> Fraction:
        whole = within(start, end)
        for at in reversed(breaks):
            whole += within(at[start], start)
            start = at[start]
        return whole + within(0, start)

    size = len(before) - 1
    best, at = np.zeros(size + 1), [0] * (size + 1)
    waiting = [(classes, size, classes - 1, size - 1)]
    while waiting:
        first, last, low, high = waiting.pop()
        if first > last:
            continue
        middle = (first + last) // 2
        top = min(high, middle - 1)
        sums = before[low : top + 1] + within.about(low, top, middle)
        near = [int(each) for each in np.flatnonzero(sums <= sums.min() + within.close) + low]
        at[middle] = near[0] if len(near) == 1 else min((exact(b, middle), b) for b in near)[1]
        best[middle] = sums[at[middle] - low]
        waiting += [(first, middle - 1, low, at[middle]), (middle + 1, last, at[middle], high)]
    return best, at


def rounded(value: Fraction, decimals: int, better: Better, toward: Toward) -> Fraction:
    """The nearest multiple of 10 to the minus decimals that is not looser (inward) or not stricter (outward)."""
    grid = Fraction(1, 10**decimals)
    down = (better == "lower") == (toward == "inward")
    return grid * ((value / grid).__floor__() if down else (value / grid).__ceil__())


def _different(values: Sequence[Fraction], better: Better) -> list[Fraction]:
    return sorted(set(values), reverse=better == "higher")


def _refuse_few(found: Sequence[object], needs: int) -> None:
    if len(found) < needs:
        raise Refused([Diagnostic("authoring-few", None, {"found": str(len(found)), "needs": str(needs)})])
