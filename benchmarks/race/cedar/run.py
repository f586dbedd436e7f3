"""Cedar: a policy per standard, a request per record; it answers yes or no, so only whether a record passes is compared."""

import importlib.metadata

import cedarpy
from timing import PEER, WORKLOAD, measured, rows

ACTIONS = {"energy": "register", "subsidy": "subsidise"}
HUNDREDTHS = ("consumption", "density")

policies = cedarpy.PolicySet.from_str((PEER / f"{WORKLOAD}.cedar").read_text(encoding="utf-8"))


def whole(name, value):
    return value if isinstance(value, str) else round(value * 100) if name in HUNDREDTHS else round(value)


requests = [
    {
        "principal": f'Car::"{record.pop("row")}"',
        "action": f'Action::"{ACTIONS[WORKLOAD]}"',
        "resource": 'Rule::"standard"',
        "context": {name: whole(name, value) for name, value in record.items()},
    }
    for record in rows()
]


def judge():
    return cedarpy.is_authorized_batch(requests, policies, [])


def allowed(answers):
    assert not any(answer.diagnostics.errors for answer in answers)
    return {"allowed": [answer.allowed for answer in answers]}


measured(f"cedarpy {importlib.metadata.version('cedarpy')}", judge, allowed)
