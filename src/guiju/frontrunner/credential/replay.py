"""Replaying a certificate: the boards it cites are made again from a library and a scheme at hand, and everything it says of them is compared.

What it says of measured values rests on evidence, which the holder hands on: what is given of it is held against the hashes in the certificate and
evaluated again. Without it, the level that the declared values reach is put beside; that both may differ is why products are measured at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.frontrunner.board.model import Boards, Overall
from guiju.frontrunner.credential.said import Indicated, Said, lowest_levels, models_said, said_by
from guiju.standard.model import Title


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing the certificate says and what was found.

    counts   whether a difference shows that the certificate rests on something else; otherwise it is only told
    """

    what: Title
    said: str
    found: str
    counts: bool = True

    @property
    def same(self) -> bool:
        return self.said == self.found


@dataclass(frozen=True, slots=True)
class Replayed:
    rows: tuple[Compared, ...]

    @property
    def same(self) -> bool:
        """Whether nothing that counts differs."""
        return all(row.same for row in self.rows if row.counts)

    def plain(self) -> dict[str, Any]:
        rows = [
            {"zh": row.what.zh, "en": row.what.en, "certificate": row.said, "found": row.found, "same": row.same, "counts": row.counts}
            for row in self.rows
        ]
        return {"same": self.same, "compared": rows}


@dataclass(frozen=True, slots=True)
class Again:
    """A model evaluated again. hash: of the evidence given; found: what `evaluation_body` finds of it alone, nothing of one not certified"""

    hash: str
    found: Mapping[str, Any]


def replayed(claims: Mapping[str, Any], boards: Boards, models: Sequence[str], again: Mapping[str, Again] | None = None) -> Replayed:
    """What a certificate says beside boards made anew, and beside what evidence says when it is evaluated again.

    claims   of a certificate
    models   of its enterprise and declared standard, in the library the boards were made of
    again    by model, those of which evidence is given
    """
    cited, standard = boards.cited, claims["evaluationStandard"]
    rows = [
        Compared(Title("评估方案", "scheme"), claims["scheme"], cited.scheme),
        Compared(Title("评估标准", "evaluation standard"), f"{standard['number']} ({standard['edition']})", f"{cited.standard} ({cited.edition})"),
        Compared(Title("评估标准的内容", "content of the evaluation standard"), standard["contentHash"], cited.standard_hash),
        Compared(Title("标准库", "library"), claims["libraryHash"], cited.library),
        Compared(Title("快照", "snapshots"), _listed(sorted(claims["snapshotHashes"])), _listed(sorted(cited.snapshots))),
        Compared(Title("榜单", "boards"), claims["boardHash"], boards.hash),
        Compared(Title("引擎", "engine"), claims["engineVersion"], cited.engine, counts=False),
    ]
    if not claims["illustrative"]:  # a certificate may be marked for more than its boards: its issuer, its evidence
        rows.append(Compared(Title("示意", "illustrative"), "–", "!" if boards.illustrative else "–"))
    if "schemeHash" in claims:
        rows.append(Compared(Title("方案的内容", "content of the scheme"), claims["schemeHash"], cited.scheme_hash))
    absent = sorted(set(models_said(claims)) - set(models))
    rows.append(Compared(Title("标准库里没有的型号", "models not in the library"), "–", _listed(absent)))
    whole = [each for each in boards.overall if _is_of(each, claims)]
    rows += [_level(name, level, whole) for name, level in lowest_levels(claims).items()]
    return Replayed((*rows, *evidence_rows(claims, again or {})))


def evidence_rows(claims: Mapping[str, Any], again: Mapping[str, Again]) -> list[Compared]:
    """Each model that evidence is given of, beside what the certificate says; and those it is not given of, which is only told."""
    said = said_by(claims)
    rows = []
    for one in (each for each in said if each.evidence and each.models[0] in again):
        rows += _evaluated(one, again[one.models[0]])
    strange = sorted(set(again) - set(models_said(claims)))
    if strange:
        rows.append(Compared(Title("证书里没有的型号的证据", "evidence of models not in the certificate"), "–", _listed(strange)))
    left = [model for each in said for model in each.models if model not in again]
    if left:
        title = Title("没有给出证据、等级没有重算的型号", "models without evidence given, whose levels were not computed again")
        rows.append(Compared(title, "–", _listed(left), counts=False))
    return rows


def _evaluated(one: Said, again: Again) -> list[Compared]:
    model, found = one.models[0], again.found["models"][one.models[0]]
    rows = [
        Compared(Title(f"{model} 的证据", f"evidence of {model}"), one.evidence, again.hash),
        Compared(Title(f"{model} 符合基本要求", f"{model} meets the basic clauses"), "✓", "✓" if found["conforms"] else "✗"),
        Compared(Title(f"{model} 的等级", f"level of {model}"), _number(one.level), _number(found["level"])),
    ]
    own = {name: each for name, each in found["indicators"].items() if each["level"] is not None}
    said = {each.name: each for each in one.indicators}
    for name in sorted(said | own):
        there, here = said.get(name), own.get(name)
        text = "–" if there is None else f"{there.level}: {there.exact}"
        new = None if here is None else Indicated(name, here["level"], here["value"], here["unit"], here.get("fraction", ""))
        rows.append(Compared(Title(f"{model} 的 {name}", f"{name} of {model}"), text, "–" if new is None else f"{new.level}: {new.exact}"))
    return rows


def _number(level: int | None) -> str:
    return "–" if level is None else str(level)


def _level(name: str, level: int, whole: Sequence[Overall]) -> Compared:
    """The lowest level that the declared values reach in any range the standard is compared in."""
    found = [each.levels.get(name) for each in whole]
    lowest = max((one for one in found if one is not None), default=None)
    text = "–" if lowest is None or None in found else str(lowest)
    title = Title(f"指标 {name} 的最低等级（证书／声明值）", f"lowest level of {name} (certificate / as declared)")
    return Compared(title, str(level), text, counts=False)


def _is_of(each: Overall, claims: Mapping[str, Any]) -> bool:
    of = (claims["enterprise"]["code"], claims["standard"]["number"], claims["standard"]["edition"])
    return (each.enterprise, each.standard, each.edition) == of


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found) or "–"
