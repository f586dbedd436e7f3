import suncal
from common import best, given, told
from scipy import stats
from suncal.risk import risk

data, n, cases = given(), 20, 50


def model(i: int):
    made = suncal.Model("y=a*exp(-b*c)+d/g*sqrt(f)")  # e is Euler's number there
    for name, row in zip("abcdgf", data["x"], strict=True):
        made.var(name).measure(row[i]).typeb(std=data["u"])
    return made


def drawn() -> list[float]:
    found = model(0).monte_carlo(samples=data["trials"])
    ends = found.expand(conf=0.95)
    return [float(found.uncertainty["y"]), float(ends.high - ends.low)]


def risks() -> list[list[float]]:
    at, out = data["risk"], []
    guard = (at["accept"][0] - at["low"], at["high"] - at["accept"][1])
    for u in at["u"][:cases]:
        ends = (stats.norm(at["mean"], at["sd"]), stats.norm(0, u), at["low"], at["high"], *guard)
        out.append([float(risk.PFA(*ends)), float(risk.PFR(*ends))])
    return out


told(suncal.__version__, {
    "propagation": best(lambda: [float(model(i).calculate_gum().uncertainty["y"]) for i in range(n)], n), "trials": best(drawn, 1),
    "risk": best(risks, cases),
})  # fmt: skip
