"""The way to a proposal: which steps, in which order, what each leaves, and that the end is what was proposed."""

from __future__ import annotations

import json
from pathlib import Path

from checking import checked
from guiju.align.harmonise import choose
from guiju.align.impact import changes_to
from guiju.align.roadmap import roadmap, targets_of
from guiju.ir.program import Program
from guiju.readings.smt.answers import Proved, Refuted
from harmonising import (
    AS_CLTC,
    ASSOCIATION,
    EXAMPLES,
    GB,
    JIANGSU,
    OF_2018,
    OF_2020,
    cars,
    clause,
    guiju,
    of_the_examples,
    on_the_shelf,
    pooled,
    proposed,
    written,
)


def with_proposal(programs: list[Program], **options: object) -> list[Program]:
    """The standards and the strictest proposal made of them."""
    made = checked(proposed(pooled(programs, **options)).text, run=False).program
    assert made is not None
    return [*programs, made]


def at_most(limit: int, number: int = 1) -> str:
    return cars(clause(str(number), f"shall: 'consumption <= {limit} [kWh/100km]'"))


def test_the_end_of_the_way_is_proved_to_be_the_proposal_and_every_step_is_sound():
    pool = pooled(with_proposal(on_the_shelf(ASSOCIATION, JIANGSU)))
    made = roadmap(pool, 2, 0)
    assert isinstance(made.end, Proved) and not made.stays
    assert {row.about[0] for row in made.start} == {"v2x.frequency@evw", "v2x.frequency@clw"}
    assert all(isinstance(s.satisfiable, Proved) and not s.below for s in made.steps) and not made.steps[-1].conflicts
    work = [c for c in changes_to(pool, targets_of(pool, 2), [0, 1]) if c.is_work]
    assert sorted(map(repr, work)) == sorted(repr(c) for s in made.steps for c in s.changes)
    assert sum(c.mends for c in work) == 10 and {c.kind for c in work if c.standard == 0} == {"tightens", "adds"}


def test_steps_that_fewest_products_fail_come_first_and_products_add_up():
    pool = pooled(with_proposal(on_the_shelf(OF_2018, OF_2020, GB), treat_as=AS_CLTC), treat_as=AS_CLTC)
    made = roadmap(pool, 3, 2, "products", of_the_examples(pool))
    fails = [s.affected[0] for s in made.steps if s.affected]
    assert fails == sorted(fails) and fails[-3:] == [1, 2, 3]
    assert [s.cumulative for s in made.steps][-3:] == [1, 3, 3] and isinstance(made.end, Proved)
    days = [s.earliest.isoformat() for s in roadmap(pool, 3, 2, "date").steps if s.earliest]
    assert days == sorted(days) and days[-1] == "2028-01-01"
    by_standard = roadmap(pool, 3, 2, "standards", together=True).steps
    assert [s.standard for s in by_standard] == [0, 1, 2]


def test_a_region_never_goes_below_the_baseline_on_the_way():
    """The baseline asks 15 and the region 12; the proposal asks 20: the region waits until the baseline has come down."""
    pool = pooled(written(at_most(12), at_most(15), at_most(20)))
    made = roadmap(pool, 2, 1, "standards")
    assert [s.standard for s in made.steps] == [1, 0] and not any(s.below for s in made.steps)
    assert {c.kind for s in made.steps for c in s.changes} == {"loosens"}


def test_what_the_proposal_does_not_speak_of_stays_and_what_changes_nothing_is_no_step():
    pool = pooled(written(at_most(20), at_most(20) + clause("2", "shall: mass <= 3500 kg"), at_most(20)))
    made = roadmap(pool, 2, 0)
    assert not made.steps and [(c.standard, c.kind) for c in made.stays] == [(1, "stays")] and isinstance(made.end, Proved)


def test_a_proposal_nothing_can_meet_is_told_at_the_step_that_brings_it():
    both = cars(clause("1", "shall: 'consumption <= 10 [kWh/100km]'") + clause("2", "shall: 'consumption >= 20 [kWh/100km]'"))
    made = roadmap(pooled(written(at_most(20), both)), 1, 0)
    (step,) = made.steps
    assert isinstance(step.satisfiable, Refuted)


def test_a_proposal_of_the_baseline_leaves_what_it_lacks_to_the_regions():
    pool = pooled(on_the_shelf(OF_2018, OF_2020))
    assert {c.outcome for c in choose(pool, "baseline", 1)} == {"chosen", "regional"}


def test_the_command_shows_steps_and_says_how_it_ends(tmp_path: Path):
    out = tmp_path / "to"
    assert guiju("align", "harmonise", OF_2018, OF_2020, "--out", out).exit_code == 0
    said = guiju("align", "roadmap", OF_2018, OF_2020, "--to", out)
    assert said.exit_code == 0 and "the end asks what is proposed: ✓ proved" in said.stdout and "tightens range (NEDC)" in said.stdout
    assert "终点与目标相同" in guiju("align", "roadmap", OF_2018, OF_2020, "--to", out, language="zh").stdout
    cars_given = ("--records", EXAMPLES / "vehicles.csv", "--mapping", EXAMPLES / "vehicles.mapping.yaml")
    found = json.loads(guiju("align", "roadmap", OF_2018, OF_2020, "--to", out, "--json", *cars_given).stdout)
    assert found["end_is_the_proposal"] == "proved" and found["steps"][0]["products"] is not None
    assert guiju("align", "roadmap", OF_2018, OF_2020, "--to", out, "--order", "luck").exit_code == 2
    assert "unknown-standard" in guiju("align", "roadmap", OF_2018, OF_2020, "--to", "T/NOWHERE 1").stderr
