"""Replaying a certificate: the boards it cites are made again from a library and a scheme at hand, and everything it says of them is compared.

What it says of measured values cannot be made again from these: the evidence is not in a library. The level that the declared values reach is put
beside it, and that both may differ is why products are measured at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.frontrunner.board.model import Boards, Overall
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


def replayed(claims: Mapping[str, Any], boards: Boards, models: Sequence[str]) -> Replayed:
    """What a certificate says beside boards made anew.

    claims   of a certificate
    models   of its enterprise and declared standard, in the library the boards were made of
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
    absent = sorted(set(claims["models"]) - set(models))
    rows.append(Compared(Title("标准库里没有的型号", "models not in the library"), "–", _listed(absent)))
    whole = [each for each in boards.overall if _is_of(each, claims)]
    rows += [_level(each["name"], each["level"], whole) for each in claims["indicators"]]
    return Replayed(tuple(rows))


def _level(name: str, level: int, whole: Sequence[Overall]) -> Compared:
    """The lowest level that the declared values reach in any range the standard is compared in."""
    found = [each.levels.get(name) for each in whole]
    lowest = max((one for one in found if one is not None), default=None)
    text = "–" if lowest is None or None in found else str(lowest)
    return Compared(Title(f"指标 {name} 的等级（证书／声明值）", f"level of {name} (certificate / as declared)"), str(level), text, counts=False)


def _is_of(each: Overall, claims: Mapping[str, Any]) -> bool:
    of = (claims["enterprise"]["code"], claims["standard"]["number"], claims["standard"]["edition"])
    return (each.enterprise, each.standard, each.edition) == of


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found) or "–"
