"""Files of undertakings and of evidence: what is taken, by content and size; kept once; given to those concerned and never shown in a browser."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from typing import Any

import pytest

from certifying import EVIDENCE, JIA, applied_for, certificate_at, cycle_at, people, rows, shortlisted
from guiju.base.diagnostics import Refused
from guiju.frontrunner.process import acting, certifying, papers
from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.interests import bind_enterprise
from guiju.frontrunner.process.papers import Brought, kind_of, papers_of
from guiju.frontrunner.process.papers_given import paper_of_certificate, paper_of_cycle
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.files import sweep

PDF = b"%PDF-1.7\n%made up"


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "made up")
    return out.getvalue()


def codes_of(call: Any, *given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*given)
    return [each.code for each in refused.value.diagnostics]


def test_what_a_file_is_its_content_says():
    assert kind_of(PDF) == "pdf" and kind_of(b"\x89PNG\r\n\x1a\n..") == "png" and kind_of(b"\xff\xd8\xff\xe0..") == "jpeg"
    assert kind_of("型号,续驶\nJ1,640\n".encode()) == "text"
    assert kind_of(packed("[Content_Types].xml", "xl/workbook.xml")) == "xlsx"
    assert kind_of(packed("[Content_Types].xml", "word/document.xml")) == "docx"
    for other in (b"", b"MZ\x90\x00", b"\x7fELF", packed("a.txt"), packed("[Content_Types].xml", "xl/vbaProject.bin"), b"PK\x03\x04 broken", b"a\x00b",
                  b"\xff\xfe", b"  \n"):  # fmt: skip
        assert kind_of(other) is None


def test_all_are_taken_or_none_and_every_problem_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(papers, "BYTES_MAX", 40)
    monkeypatch.setattr(papers, "TOGETHER_MAX", 100)
    brought = [Brought("a.pdf", PDF), Brought("C:\\reports\\a.pdf", PDF), Brought("big.txt", b"x" * 41), Brought("run.pdf", b"MZ\x00"),
               Brought("", PDF), Brought("n" * 200, PDF)]  # fmt: skip
    assert codes_of(papers_of, brought) == ["frontrunner-paper-twice", "frontrunner-paper-large", "frontrunner-paper-kind", "frontrunner-paper-name",
                                            "frontrunner-papers-large"]  # fmt: skip
    assert [each.name for each in papers_of([Brought("../../etc/a.pdf", PDF)])] == ["a.pdf"]
    assert codes_of(papers_of, [Brought("a.pdf", PDF)], {"a.pdf"}) == ["frontrunner-paper-twice"]


def test_the_files_of_an_undertaking_are_for_those_concerned(at: Store):
    of = people(at)
    id_ = shortlisted(of)
    entry = next(e for e in cycle_at(of, id_).entries if e.enterprise == JIA)
    held = papers_of([Brought("报告 1.pdf", PDF), Brought("table.exe", b"a,b")])
    acting.undertake(at, of.by("jia"), id_, entry.number, "示意", {"elsewhere.pdf": "a" * 64}, held)
    undertaking = next(e for e in cycle_at(of, id_).entries if e.enterprise == JIA).undertaking
    assert undertaking is not None
    hash_ = sha256(PDF).hexdigest()
    assert undertaking.documents == {"elsewhere.pdf": "a" * 64, "报告 1.pdf": hash_, "table.exe": sha256(b"a,b").hexdigest()}
    for name in ("jia", "evaluator", "reviewer", "operator", "chief"):
        found = paper_of_cycle(at, of.by(name), id_, hash_)
        assert found.name == "报告 1.pdf" and found.path.read_bytes() == PDF
    assert paper_of_cycle(at, of.by("jia"), id_, sha256(b"a,b").hexdigest()).name == "table.exe.txt"
    for name in ("yi", "outsider", "author"):
        assert codes_of(paper_of_cycle, at, of.by(name), id_, hash_)[0] in ("frontrunner-paper-unknown", "unknown-process")
    assert codes_of(paper_of_cycle, at, of.by("jia"), id_, "a" * 64) == ["frontrunner-paper-unknown"]
    assert sweep(at, older_than=0) == [] and paper_of_cycle(at, of.by("jia"), id_, hash_).path.is_file()
    acting.undertake(at, of.by("jia"), id_, entry.number, "示意：换一份", {}, papers_of([Brought("new.pdf", PDF + b"2")]))
    assert codes_of(paper_of_cycle, at, of.by("jia"), id_, hash_) == ["frontrunner-paper-unknown"]


def test_a_step_that_is_refused_leaves_no_file(at: Store):
    of = people(at)
    id_ = shortlisted(of)
    entry = next(e for e in cycle_at(of, id_).entries if e.enterprise == JIA)
    held = papers_of([Brought("a.pdf", PDF + b"refused")])
    assert codes_of(acting.undertake, at, of.by("jia"), id_, entry.number, "", {}, held) == ["process-unsaid"]
    assert len(sweep(at, older_than=0)) == 1


def test_evidence_is_kept_with_its_reports_and_replaced_as_a_whole(at: Store):
    of = people(at)
    id_ = applied_for(of)
    certifying.hand_in(at, of.by("jia"), id_, rows("J1", "J2"), illustrative=True, papers=papers_of([Brought("r.pdf", PDF)]))
    hash_ = sha256(PDF).hexdigest()
    assert certificate_at(of, id_).evidence["documents"] == {"r.pdf": hash_}
    for name in ("jia", "assessor", "reviewer", "operator"):
        assert paper_of_certificate(at, of.by(name), id_, hash_).path.read_bytes() == PDF
        assert [each["model"] for each in evidence_of(at, of.by(name), id_, ["J2"])["models"]] == ["J2"]
    for name in ("yi", "outsider", "evaluator"):
        assert codes_of(paper_of_certificate, at, of.by(name), id_, hash_) == ["unknown-process"]
    assert codes_of(evidence_of, at, of.by("author"), id_) == ["frontrunner-paper-unknown"]
    assert codes_of(evidence_of, at, of.by("jia"), id_, ["J9"]) == ["frontrunner-model-unknown"]
    salts = {each["salt"] for each in evidence_of(at, of.by("jia"), id_)["models"]}
    certifying.hand_in(at, of.by("jia"), id_, rows("J1", "J2"), illustrative=True)
    assert codes_of(paper_of_certificate, at, of.by("jia"), id_, hash_) == ["frontrunner-paper-unknown"]
    assert not salts & {each["salt"] for each in evidence_of(at, of.by("jia"), id_)["models"]}
    assert EVIDENCE["category"] in json.dumps(evidence_of(at, of.by("jia"), id_))


def test_an_enterprise_is_not_bound_under_a_name_that_looks_like_another_s(at: Store):
    of = people(at)
    by = of.by("operator")
    bind_enterprise(at, by, "E-1", Title("未来汽车有限公司", "Weilai Motors"), "yi")
    assert codes_of(bind_enterprise, at, by, "E-2", Title("末来汽车有限公司", "Other"), "jia") == ["frontrunner-enterprise-alike"]
    assert codes_of(bind_enterprise, at, by, "E-2", Title("未来汽車有限公司", "WeiIai Motors"), "jia") == ["frontrunner-enterprise-alike"] * 2
    bind_enterprise(at, by, "E-1", Title("末来汽车有限公司", "Weilai Motors"), "yi")  # its own, corrected
    bind_enterprise(at, by, "E-3", Title("明天汽车有限公司", "Mingtian Motors"), "jia")
