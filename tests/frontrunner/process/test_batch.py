"""A supply chain in one go: all that is wrong is told, line by line, and then nothing was applied for; what is written in tables and forms."""

from __future__ import annotations

from typing import Any

import pytest

from certifying import BING, JIA, OTHERS, STANDARDS, YI, People, library_folder, people, rows, shelf
from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.kept import bring
from guiju.frontrunner.process import certifying, doing
from guiju.frontrunner.process.batch import apply_all, lines_of
from guiju.frontrunner.process.bodies import CYCLE_SAYS, documents_of, evidence_rows, said
from guiju.frontrunner.process.interests import bind_enterprise
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.people import account_of, grant

HEAD = "enterprise,standard,edition,models\n"


def codes_of(call: Any, *given: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*given, **more)
    return [d.code for d in refused.value.diagnostics]


@pytest.fixture
def chain(store: Store) -> People:
    """`jia` acts for its suppliers Yi and Bing too; the library is kept."""
    of = people(store)
    bring(store, "cars", library_folder(), shelf().dictionary, "test")
    for name in ("yi", "bing"):
        grant(store, account_of(store, "jia").id, of.organisations[name], "enterprise", "test")
    return of


def lines(*codes: str, models: str = "") -> str:
    return HEAD + "".join(f"{code},{','.join(STANDARDS[code])},{models}\n" for code in codes)


def test_every_line_is_an_application_of_its_own_with_its_evidence(chain: People) -> None:
    tools = doing.tools_of(chain.store, shelf())
    asked = lines_of(lines(JIA, YI), "bev-cars", "cars", "示意承诺")
    given = [*rows("J1", "J2"), *rows("Y1")]
    tried = apply_all(chain.store, chain.by("jia"), tools, asked, given, illustrative=True, dry=True)
    assert [(m.line.row, m.id, m.models, m.evidence) for m in tried] == [(2, "", 2, 20), (3, "", 1, 10)]
    assert certifying.certificates_for(chain.store, chain.by("operator")) == [], "a dry run changes nothing"
    made = apply_all(chain.store, chain.by("jia"), tools, asked, given, illustrative=True)
    held = {held.id: each for held, each in certifying.certificates_for(chain.store, chain.by("operator"))}
    assert {m.id for m in made} == held.keys() and all(each.state == "evidenced" for each in held.values())
    assert {each.subject.enterprise: each.subject.models for each in held.values() if each.subject} == {JIA: ("J1", "J2"), YI: ("Y1",)}


def test_where_one_line_is_wrong_nothing_is_applied_for_and_everything_wrong_is_told(chain: People) -> None:
    tools = doing.tools_of(chain.store, shelf())
    text = lines(JIA, BING) + f"{YI},Q/YI 009,2026,\n{OTHERS[0]},{','.join(STANDARDS[OTHERS[0]])},\n" + lines(JIA).removeprefix(HEAD)
    with pytest.raises(Refused) as refused:
        apply_all(chain.store, chain.by("jia"), tools, lines_of(text, "bev-cars", "cars", "示意"), [*rows("J1", "J2"), *rows("O7")])
    found = [(d.code, d.facts.get("row")) for d in refused.value.diagnostics]
    assert ("frontrunner-batch-twice", "6") in [(code, str(row)) for code, row in found] and ("frontrunner-batch-evidence", None) in found
    rows_told = {d.facts["row"] for d in refused.value.diagnostics if d.code == "frontrunner-batch-row"}
    assert rows_told == {"4", "5"}, "a standard that is not declared, and an enterprise nobody acts for"
    assert certifying.certificates_for(chain.store, chain.by("operator")) == []


def test_a_table_that_cannot_be_read_is_told() -> None:
    words = ("bev-cars", "cars", "示意")
    assert set(codes_of(lines_of, "models\nJ1\n", *words)) == {"frontrunner-batch-column"}
    assert codes_of(lines_of, HEAD, *words) == ["frontrunner-batch-lines"]
    assert codes_of(lines_of, "x" * 2_000_001, *words) == ["process-too-long"] == codes_of(evidence_rows, "x" * 2_000_001)
    assert set(codes_of(evidence_rows, "model,value\nJ1,3\n")) == {"frontrunner-evidence-column"}
    assert codes_of(evidence_rows, "model," + "x" * 200_000 + "\n") == ["frontrunner-table"]
    (one,) = evidence_rows("型号\t输入\t测得值\t标准不确定度\t实验室\t报告编号\nJ1\trange\t640 km\t\t甲\tR1\n")
    assert (one["model"], one["input"], one["value"], one["report"]) == ("J1", "range", "640 km", "R1")
    assert documents_of(f"{'a' * 64}  承诺书.pdf\n\n{'b' * 64} *b.pdf") == {"承诺书.pdf": "a" * 64, "b.pdf": "b" * 64}
    assert codes_of(documents_of, "abc x.pdf") == ["frontrunner-document"]
    assert codes_of(said, CYCLE_SAYS, "fly", {}) == ["point-word"]
    assert codes_of(said, CYCLE_SAYS, "fix", {"days": "many", "wings": "2"}) == ["point-word", "process-unsaid"]


def test_an_enterprise_is_acted_for_by_whom_an_operator_says(chain: People) -> None:
    store = chain.store
    assert codes_of(bind_enterprise, store, chain.by("yi"), JIA, Title("", ""), "yi") == ["not-allowed-there"]
    assert codes_of(bind_enterprise, store, chain.by("operator"), " ", Title("", ""), "yi") == ["frontrunner-code"]
    assert codes_of(bind_enterprise, store, chain.by("operator"), JIA, Title("", ""), "nobody") == ["unknown-organisation"]
    tools = doing.tools_of(store, shelf())
    asked = doing.Application("bev-cars", OTHERS[0], *STANDARDS[OTHERS[0]], (), "cars", "示意")
    assert codes_of(doing.apply, store, chain.by("jia"), tools, asked) == ["frontrunner-enterprise-unbound"]
    bind_enterprise(store, chain.by("operator"), OTHERS[0], Title("", ""), "jia")
    assert doing.apply(store, chain.by("jia"), tools, asked).state == "applied"
