"""A certificate: from an application to what becomes of it, on both databases: levels computed, decided by another, issued once, withdrawn for all."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from certifying import (
    JIA,
    WHY,
    YI,
    Clock,
    applied_for,
    assessed,
    board,
    certificate_at,
    evaluated,
    evidenced,
    granted,
    issued,
    library,
    opened,
    people,
    published,
    rows,
    scheme_of,
    shelf,
    signing,
    wanted,
)
from guiju.base.diagnostics import Refused
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.replaying import replay_of
from guiju.frontrunner.credential.said import said_by
from guiju.frontrunner.credential.status import PURPOSES, list_of
from guiju.frontrunner.credential.verify import verify
from guiju.frontrunner.process import certifying, issuing
from guiju.frontrunner.process.evaluating import evaluation_body
from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.public import certificate_of, certificates, statuses
from guiju.frontrunner.process.states import CERTIFICATE, CERTIFICATE_ACTS, CERTIFICATE_COURSE
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.processes import process_of


def refused_with(code: str, call: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as refused:
        call(*given, **more)
    codes = {d.code for d in refused.value.diagnostics}
    assert code in codes, codes


def lists_at(store: Store, moment: datetime) -> dict[str, dict[str, Any]]:
    """The status lists as the issuer signs them of what the store says."""
    by = signing()
    made = (list_of(by.issuer, purpose, on[purpose], by.signer, moment, number) for number, on in statuses(store).items() for purpose in PURPOSES)
    return {each["id"]: each for each in made}


def verified(store: Store, id_: str, moment: datetime) -> Any:
    by = signing()
    known = {by.issuer.did: by.issuer.document()}
    return verify(certificate_of(store, id_).credential, known.get, lists_at(store, moment).get, moment)


def test_a_certificate_goes_from_an_application_to_a_signed_credential(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = issued(of)
    found = certificate_of(at, id_)
    assert (found.state, found.enterprise, found.models, found.level, found.illustrative) == ("valid", JIA, ("J1", "J2"), 2, True)
    shown = verified(at, id_, clock.now + timedelta(hours=1))
    assert shown.claims["enterprise"]["code"] == JIA and shown.claims["boardHash"] == certificate_at(of, id_).decision.cites["board"]  # type: ignore
    assert shown.claims["libraryHash"] == library().hash and shown.claims["evaluationStandard"]["contentHash"] == opened().program.content_hash
    held, steps = process_of(at, CERTIFICATE, id_)
    assert tuple(state for state, _ in certifying.CERTIFYING.told(held, steps).course) == CERTIFICATE_COURSE
    assert [e.action for e in entries(at, subject=id_)] == [f"{CERTIFICATE}.{step.act}" for step in steps] and verify_chain(at).broken is None


def test_levels_are_those_of_the_evaluation_standard_the_lowest_of_all_models(at: Store) -> None:
    of = people(at)
    found = certificate_at(of, evaluated(of)).evaluated
    assert found is not None and found.conforms
    by_model = {model: {name: each["level"] for name, each in one["indicators"].items()} for model, one in found.found["models"].items()}
    assert by_model["J1"]["range_level"] == 2 and by_model["J1"]["charging_level"] == 2 and by_model["J2"]["acceleration_level"] == 2
    for name, each in found.found["indicators"].items():
        assert each["level"] == max(levels[name] for levels in by_model.values())
    assert found.found["level"] == max(found.found["indicators"][name]["level"] for name in opened().scheme.core)


def test_a_basic_clause_is_met_only_where_the_rule_says_so(at: Store) -> None:
    """13.18 kWh/100km is under the limit of 13.2 by less than its expanded uncertainty: simple acceptance passes it, a guard band does not."""
    asked, program, dictionary = scheme_of(opened()).asked, opened().program, shelf().dictionary
    near = rows("J1", consumption="13.18 kWh/100km", u="0.05")
    simple = evaluation_body(program, asked, near, "simple", dictionary)
    guarded = evaluation_body(program, asked, near, "guard", dictionary)
    clause = guarded["models"]["J1"]["clauses"]["4.1"]
    assert simple["models"]["J1"]["clauses"]["4.1"]["shown"] and not clause["shown"] and clause["verdict"] == "pass" and clause["decided"] == "fail"
    assert not guarded["conforms"] and any("4.1" in each["en"] for each in guarded["why_not"])
    sure = evaluation_body(program, asked, rows("J1", u=""), "guard", dictionary)
    assert sure["conforms"] and sure["models"]["J1"]["clauses"]["4.1"]["decided"] == ""
    refused_with("point-word", evaluation_body, program, asked, near, "hopeful", dictionary)


def test_what_is_missing_or_fails_is_not_certified(at: Store) -> None:
    of = people(at)
    id_ = applied_for(of)
    given = [row for row in rows("J1", "J2") if not (row["model"] == "J2" and row["input"] == "range")]
    certifying.hand_in(at, of.by("jia"), id_, given, illustrative=True)
    found = assessed(of, id_, board(at)).evaluated
    assert found is not None and not found.conforms and found.found["level"] is None and "range_level" not in found.found["indicators"]
    days = {"reason": "x", "valid_from": "2041-01-01", "valid_until": "2042-01-01"}
    refused_with("frontrunner-not-shown", certifying.grant, at, of.by("reviewer"), id_, **days)
    assert certifying.act(at, of.by("reviewer"), id_, "refuse", WHY).state == "refused"


def test_an_application_is_of_what_the_library_declares() -> None:
    scheme, program = scheme_of(opened()), opened().program
    for changed, code in (
        ({"standard": "Q/JIA 009"}, "frontrunner-undeclared"), ({"enterprise": YI}, "frontrunner-undeclared"),
        ({"models": ("J1", "J9")}, "frontrunner-model-unknown"),
    ):  # fmt: skip
        from dataclasses import replace

        refused_with(code, certifying.application_body, replace(wanted(), **changed), scheme, program, library())
    gone = library((("Q/JIA 001", "废止"),))
    refused_with("frontrunner-not-current", certifying.application_body, wanted(), scheme, program, gone)


def test_evidence_is_of_the_models_applied_for_and_says_who_measured(at: Store) -> None:
    of = people(at)
    id_ = applied_for(of)
    with pytest.raises(Refused) as refused:
        twice = [*rows("J1"), rows("J1")[0], {**rows("J1")[1], "laboratory": ""}, {**rows("J1")[2], "measured": "昨天"}, *rows("Y1")]
        certifying.hand_in(at, of.by("jia"), id_, twice, illustrative=False)
    codes = {d.code for d in refused.value.diagnostics}
    assert codes == {"frontrunner-evidence-twice", "frontrunner-evidence-lacks", "frontrunner-evidence-date", "frontrunner-evidence-model",
                     "frontrunner-evidence-none"}  # fmt: skip
    refused_with("frontrunner-evidence-rows", certifying.hand_in, at, of.by("jia"), id_, [], illustrative=False)
    refused_with("unknown-process", certifying.hand_in, at, of.by("yi"), id_, rows("J1"), illustrative=False)


def test_applicant_evaluator_and_who_decides_are_three_people_without_an_interest(at: Store) -> None:
    from guiju.store.people import account_of, grant

    of = people(at)
    grant(at, account_of(at, "assessor").id, of.centre, "verifier", "test")
    id_ = evidenced(of)
    refused_with("frontrunner-conflict", assessed, of, id_, board(at), "torn")
    refused_with("frontrunner-no-comparison", assessed, of, id_, "")
    assessed(of, id_, board(at))
    days = {"reason": "x", "valid_from": "2041-01-01", "valid_until": "2042-01-01"}
    refused_with("process-second-person", certifying.grant, at, of.by("assessor"), id_, **days)
    refused_with("frontrunner-conflict", certifying.grant, at, of.by("torn"), id_, **days)
    refused_with("frontrunner-validity", certifying.grant, at, of.by("reviewer"), id_, reason="x", valid_from="2041-01-01", valid_until="2060-01-01")
    refused_with("not-a-date", certifying.grant, at, of.by("reviewer"), id_, reason="x", valid_from="2041-01-01", valid_until="soon")
    for first, last in (("9998-01-01", "9999-01-01"), ("2042-01-01", "2041-01-01")):
        refused_with("frontrunner-validity", certifying.grant, at, of.by("reviewer"), id_, reason="x", valid_from=first, valid_until=last)
    done = certifying.grant(at, of.by("reviewer"), id_, reason="x", valid_from="2041/1/1", valid_until="2042-01-01", every_months=99_999)
    assert done.state == "granted" and done.overdue == ()


def test_an_interest_declared_keeps_from_every_act_of_judging(at: Store) -> None:
    of = people(at)
    id_ = evaluated(of)
    certifying.act(at, of.by("reviewer"), id_, "declare", {"enterprise": JIA, "text": "示意：曾任顾问"})
    days = {"reason": "x", "valid_from": "2041-01-01", "valid_until": "2042-01-01"}
    refused_with("frontrunner-conflict", certifying.grant, at, of.by("reviewer"), id_, **days)
    refused_with("frontrunner-conflict", certifying.act, at, of.by("reviewer"), id_, "refuse", WHY)
    assert certifying.grant(at, of.by("second"), id_, **days).state == "granted"


def test_a_front_runner_cites_its_list(at: Store, clock: Clock) -> None:
    of = people(at)
    cycle = published(of, clock)
    id_ = evidenced(of)
    found = assessed(of, id_).evaluated
    assert found is not None and found.found["board"]["cycle"] == cycle and found.found["board"]["front_runner"]


# issuing


def test_a_signature_that_fails_leaves_the_decision_to_be_issued_again(at: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    of = people(at)
    id_ = granted(of)
    from guiju.store import acts

    def dies(*given: Any, **more: Any) -> None:
        raise ConnectionAbortedError("killed between signing and committing")

    with monkeypatch.context() as patched:
        patched.setattr(acts, "add_step", dies)
        with pytest.raises(ConnectionAbortedError):
            issuing.issue(at, of.by("operator"), id_, signing())
    assert certificate_at(of, id_).state == "granted" and certificates(at) == []
    from frontrunner_certificates import issuer_of, signer

    wrong = issuing.Signing(issuer_of(1), signer(2))
    refused_with("credential-signer", issuing.issue, at, of.by("operator"), id_, wrong)
    assert issuing.issue(at, of.by("operator"), id_, signing()).state == "valid"
    refused_with("process-not-now", issuing.issue, at, of.by("operator"), id_, signing())
    assert len(certificates(at)) == 1


def test_two_who_issue_at_once_make_one_certificate(store: Store, clock: Clock) -> None:
    from dataclasses import replace

    of = people(replace(store, clock=clock))
    id_ = granted(of)
    outcomes: list[str] = []

    def run(who: str) -> None:
        try:
            issuing.issue(of.store, of.by(who), id_, signing())
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.diagnostics[0].code)

    threads = [threading.Thread(target=run, args=(who,)) for who in ("operator", "reviewer")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["done", "process-not-now"]
    assert [step.act for step in process_of(of.store, CERTIFICATE, id_)[1]].count("issue") == 1


def test_every_certificate_has_an_index_of_its_own(at: Store) -> None:
    of = people(at)
    found = [certificate_of(at, issued(of)).index for _ in range(3)]
    assert len(set(found)) == 3


def test_a_list_that_is_full_has_a_next_and_goes_on_saying_what_it_says(at: Store, clock: Clock) -> None:
    """Lists of two places, by the path every certificate takes."""
    of = people(at)
    made = []
    for _ in range(5):
        made.append(granted(of))
        issuing.issue(at, of.by("operator"), made[-1], signing(), size=2)
    found = [certificate_of(at, each) for each in made]
    entries = [each.credential["credentialStatus"][0] for each in found]
    assert [each["statusListCredential"].rpartition("-")[2] for each in entries] == ["1", "1", "2", "2", "3"]
    assert [{entries[n]["statusListIndex"], entries[n + 1]["statusListIndex"]} for n in (0, 2)] == [{"0", "1"}] * 2
    moment = clock.now + timedelta(hours=1)
    assert sorted(statuses(at)) == [1, 2, 3] and len(lists_at(at, moment)) == 6
    certifying.act(at, of.by("reviewer"), made[0], "withdraw", WHY)
    certifying.act(at, of.by("reviewer"), made[2], "suspend", WHY)
    refused_with("credential-withdrawn", verified, at, made[0], moment)
    refused_with("credential-suspended", verified, at, made[2], moment)
    assert all(verified(at, made[n], moment) for n in (1, 3, 4))
    assert statuses(at)[1] == {"revocation": [found[0].index], "suspension": []}


def test_every_model_has_its_own_values_and_they_are_replayed_from_the_evidence(at: Store, tmp_path: Path) -> None:
    of = people(at)
    id_ = issued(of)
    shown = certificate_of(at, id_)
    claims = shown.claims
    assert [each["model"] for each in claims["models"]] == ["J1", "J2"] and claims["level"] == max(each["level"] for each in claims["models"])
    reach = {each.models[0]: next(i for i in each.indicators if i.name == "range_level") for each in said_by(claims)}
    assert (reach["J1"].value, reach["J2"].value) == ("640", "610")
    used = next(i for i in said_by(claims)[0].indicators if i.name == "consumption_level")
    assert used.fraction and used.number == Fraction(used.fraction) and len(used.short) < len(used.value)
    assert claims["comparedOn"] and claims["decisionRule"] == "guard" and claims["schemeHash"] == opened().scheme.hash
    plain = json.dumps(dict(shown.credential), ensure_ascii=False)
    assert not any(secret in plain for secret in ("示例实验室", "R-J1", "10.5 kWh"))
    for models in ([], ["J2"]):
        (tmp_path / "certificate.json").write_bytes(certificate_bytes(shown.credential))
        (tmp_path / "evidence.json").write_text(json.dumps(evidence_of(at, of.by("jia"), id_, models)), "utf-8")
        found = replay_of(tmp_path / "certificate.json", None, "bev-cars", None, (), tmp_path / "evidence.json")
        assert found.same and len([row for row in found.rows if row.counts]) >= 6 * (1 if models else 2)
    altered = evidence_of(at, of.by("jia"), id_)
    next(row for row in altered["models"][0]["rows"] if row["input"] == "range")["value"] = "641 km"
    (tmp_path / "evidence.json").write_text(json.dumps(altered), "utf-8")
    found = replay_of(tmp_path / "certificate.json", None, "bev-cars", None, (), tmp_path / "evidence.json")
    assert {row.what.en for row in found.rows if row.counts and not row.same} == {"evidence of J1", "range_level of J1"}


# after it was issued


def test_suspension_and_withdrawal_reach_the_status_lists(at: Store, clock: Clock) -> None:
    of = people(at)
    id_, other = issued(of), issued(of)
    moment = clock.now + timedelta(hours=1)
    assert statuses(at) == {1: {"revocation": [], "suspension": []}}
    certifying.act(at, of.by("reviewer"), id_, "suspend", WHY)
    refused_with("credential-suspended", verified, at, id_, moment)
    refused_with("process-second-person", certifying.act, at, of.by("reviewer"), id_, "reinstate", WHY)
    certifying.act(at, of.by("second"), id_, "reinstate", WHY)
    assert verified(at, id_, moment).claims["enterprise"]["code"] == JIA
    certifying.act(at, of.by("second"), id_, "withdraw", WHY)
    assert statuses(at) == {1: {"revocation": [certificate_of(at, id_).index], "suspension": []}}
    refused_with("credential-withdrawn", verified, at, id_, moment)
    assert verified(at, other, moment) and certificate_of(at, id_).state == "withdrawn"
    assert [each.state for each in certificate_of(at, id_).history] == ["valid", "suspended", "valid", "withdrawn"]
    for name in ("suspend", "reinstate", "withdraw", "surveil"):
        refused_with("process-not-now", certifying.act, at, of.by("second"), id_, name, {"due": "", "outcome": "pass", "text": "x", **WHY})


def test_surveillance_falls_due_within_the_validity(at: Store) -> None:
    of = people(at)
    id_ = issued(of)
    assert [str(day) for day in certificate_at(of, id_).overdue] == ["2042-01-01"]
    said = {"due": "2042-01-01", "outcome": "pass", "text": "示意：抽查一台"}
    refused_with("frontrunner-not-due", certifying.act, at, of.by("assessor"), id_, "surveil", {**said, "due": "2042-02-01"})
    refused_with("point-word", certifying.act, at, of.by("assessor"), id_, "surveil", {**said, "outcome": "maybe"})
    after = certifying.act(at, of.by("assessor"), id_, "surveil", said)
    assert after.overdue == () and after.surveillance[0].passed


def test_a_certificate_expires_after_its_last_day_and_is_renewed_before(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = issued(of)
    body = certifying.application_body(wanted(), scheme_of(opened()), opened().program, library(), id_)
    made = certifying.renew(at, of.by("jia"), id_, body)
    assert made.subject is not None and made.subject.renews == id_ and certificate_at(of, id_).renewed_by == made.id
    refused_with("frontrunner-renewed-already", certifying.renew, at, of.by("jia"), id_, body)
    assert len([each for each, _ in certifying.certificates_for(at, of.by("jia"))]) == 2, "nothing of a refused renewal stays"
    clock.now = datetime(2042, 12, 31, 23, tzinfo=UTC)
    assert certificate_of(at, id_).state == "valid"
    clock.later(0.1)
    assert certificate_of(at, id_).state == "expired" and certificates(at, state="valid") == []
    refused_with("frontrunner-certificate-expired", certifying.act, at, of.by("reviewer"), id_, "suspend", WHY)


def test_certificates_are_found_by_what_they_say(at: Store) -> None:
    of = people(at)
    id_ = issued(of)
    granted(of)
    for asked in ({"enterprise": JIA}, {"model": "J2"}, {"scheme": "bev-cars"}, {"standard": "Q/JIA 001"}, {"level": 2}, {"state": "valid"}):
        assert [each.id for each in certificates(at, **asked)] == [id_], asked  # type: ignore[arg-type]
    for asked in ({"enterprise": YI}, {"model": "J"}, {"level": 1}, {"state": "suspended"}, {"before": id_}):
        assert certificates(at, **asked) == [], asked  # type: ignore[arg-type]
    refused_with("unknown-certificate", certificate_of, at, granted(of))
    refused_with("unknown-certificate", certificate_of, at, "none")


def test_every_act_is_refused_in_every_state_and_to_every_side_it_is_not_for(at: Store) -> None:
    of = people(at)
    for make in (applied_for, evidenced, evaluated, granted, issued):
        id_ = make(of)
        before = certificate_at(of, id_)
        for name, act in CERTIFICATE_ACTS.items():
            for who in ("author", "operator", "reviewer", "assessor", "jia", "yi", "outsider"):
                open_ = before.state in act.before and name in {each.name for each in certifying.possible(before, of.by(who), datetime(2041, 2, 1).date())}
                if open_ or name == "apply":
                    continue
                with pytest.raises(Refused) as refused:
                    certifying.act(at, of.by(who), id_, name, {})
                codes = {d.code for d in refused.value.diagnostics}
                assert codes <= {"process-not-now", "not-allowed-there", "unknown-process"}, (name, who, codes)
        assert certificate_at(of, id_) == before


def test_models_are_named_once_and_a_scheme_that_moved_is_not_evaluated_by(at: Store) -> None:
    from dataclasses import replace

    of = people(at)
    body = certifying.application_body(wanted(), scheme_of(opened()), opened().program, library())
    for models in ([], ["J1", "J1"], [" "]):
        refused_with("frontrunner-models", certifying.apply, at, of.by("jia"), {**body, "models": models})
    id_ = evidenced(of)
    moved = replace(scheme_of(opened()), hash="0" * 64)
    refused_with("frontrunner-scheme-moved", certifying.evaluate, at, of.by("assessor"), id_, moved, opened().program, shelf().dictionary, rule="guard")
