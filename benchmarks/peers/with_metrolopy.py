import metrolopy as m
from common import best, given, told

data, n = given(), 500


def made(i: int):
    a, b, c, d, e, f = (m.gummy(row[i], data["u"]) for row in data["x"])
    return a * m.exp(-b * c) + d / e * m.sqrt(f)


def drawn() -> list[float]:
    y = made(0)
    y.sim(n=data["trials"])
    low, high = y.cisim
    return [float(y.usim), float(high - low)]


m.gummy.p = 0.95
told(m.__version__, {"propagation": best(lambda: [float(made(i).u) for i in range(n)], n), "trials": best(drawn, 1)})
