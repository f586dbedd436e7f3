"""zen-engine (GoRules): a decision graph in JSON as its editor saves it, evaluated in one batch."""

import importlib.metadata

import zen
from timing import PEER, WORKLOAD, measured, rows

OUTPUTS = {"energy": ("R1", "overall"), "subsidy": ("R1", "R2", "R3", "R4", "overall", "subsidy")}
CODES = {"fail": 0, "pass": 1, "not applicable": 2}

content = zen.ZenDecisionContent((PEER / f"{WORKLOAD}.json").read_text(encoding="utf-8"))
engine = zen.ZenEngine({"loader": lambda key: content})
requests = [{"key": WORKLOAD, "context": record} for record in rows()]


def columns(answers):
    found = [answer["data"]["result"] for answer in answers]
    return {name: [CODES.get(each[name], each[name]) for each in found] for name in OUTPUTS[WORKLOAD]}


measured(f"zen-engine {importlib.metadata.version('zen-engine')}", lambda: engine.evaluate_batch(requests), columns)
