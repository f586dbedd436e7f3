from importlib.metadata import version

from common import best, given, told
from GTC import exp, sqrt, ureal

data, n = given(), 2000


def one(i: int) -> float:
    a, b, c, d, e, f = (ureal(row[i], data["u"]) for row in data["x"])
    return (a * exp(-b * c) + d / e * sqrt(f)).u


told(version("GTC"), {"propagation": best(lambda: [one(i) for i in range(n)], n)})
