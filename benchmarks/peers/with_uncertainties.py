from importlib.metadata import version

from common import best, given, told
from uncertainties import ufloat, umath

data, n = given(), 2000


def one(i: int) -> float:
    a, b, c, d, e, f = (ufloat(row[i], data["u"]) for row in data["x"])
    return (a * umath.exp(-b * c) + d / e * umath.sqrt(f)).std_dev


told(version("uncertainties"), {"propagation": best(lambda: [one(i) for i in range(n)], n)})
