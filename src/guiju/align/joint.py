"""Joint implementation, 共同实施: standards × regions, and in each region whether a standard applies, a joint one, one of its own, or none."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guiju.align.system import Agreement, Entry
from guiju.align.systemmap import SystemMap, is_over
from guiju.standard.model import Title
from guiju.standard.regions import Region, Regions

DEFAULT = ("CN-31", "CN-32", "CN-320500", "CN-33", "CN-330400", "CN-34")
"""The Yangtze delta: Shanghai, Jiangsu with Suzhou, Zhejiang with Jiaxing, Anhui."""


class Status(enum.Enum):
    APPLIES = "applies"
    """Issued for the region, or for one it is within."""
    JOINT = "joint"
    """Issued for several regions together, of which it is one."""
    PART = "part"
    """Issued for a region within it."""
    OWN = "own"
    """Not issued for it, but it has its own in the same cell."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """The status in one region, and why. own: other standards of the same cell issued for the region or one between it and the country."""

    status: Status
    why: Title
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    held: tuple[Held, ...]
    """In the order of the regions."""

    @property
    def everywhere(self) -> bool:
        return all(each.status in (Status.APPLIES, Status.JOINT) for each in self.held)


@dataclass(frozen=True, slots=True)
class Joint:
    regions: tuple[Region, ...]
    on: date
    rows: tuple[Row, ...]
    agreements: tuple[tuple[Agreement, tuple[bool, ...]], ...]
    """With whether each region is a party."""


def joint(made: SystemMap, regions: Regions, words: Sequence[str] = DEFAULT) -> Joint:
    """The joint-implementation list of the standards that apply in any of the regions and are not withdrawn; drafts and enterprise standards aside.

    words   of the regions, in the order they are shown

    raises   Refused: unknown-region
    """
    asked = tuple(regions.named(word) for word in words)
    alive = [e for e in made.entries if not is_over(e, made.on) and e.status != "draft" and e.level != "enterprise"]
    applying = [e for e in alive if any(regions.applies(e.region, region.code) for region in asked)]
    rows = [Row(entry, tuple(_held(entry, region, applying, regions) for region in asked)) for entry in applying]
    rows.sort(key=lambda row: (row.everywhere, list(made.segments).index(row.entry.segment), row.entry.aspect, row.entry.region, row.entry.number))
    parties = tuple((a, tuple(any(w.code in a.regions for w in regions.wholes(r.code)) for r in asked)) for a in made.system.agreements)
    return Joint(asked, made.on, tuple(rows), parties)


def _held(entry: Entry, region: Region, applying: Sequence[Entry], regions: Regions) -> Held:
    issued = regions.issued_for(entry.region)
    own = tuple(e.number for e in applying if e.cell == entry.cell and e.number != entry.number and _is_own(e, region, regions))
    through = next((whole for whole in regions.wholes(region.code) if whole.code in issued), None)
    if through is not None and len(issued) > 1:
        return Held(Status.JOINT, Title(f"由 {'、'.join(issued)} 共同发布", f"issued by {', '.join(issued)} together"), own)
    if through is not None:
        return Held(Status.APPLIES, Title(f"为{through.title.zh}发布", f"issued for {through.title.en}"), own)
    inside = [code for code in issued if code != region.code and any(whole.code == region.code for whole in regions.wholes(code))]
    if inside:
        names = [regions.held[code].title for code in inside]
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        return Held(Status.PART, Title(f"为其中的{zh}发布", f"issued for {en} within it"), own)
    if own:
        return Held(Status.OWN, Title(f"另有 {'、'.join(own)}", f"has {', '.join(own)}"), own)
    return Held(Status.NONE, Title("未见同类标准", "none known of the kind"))


def _is_own(entry: Entry, region: Region, regions: Regions) -> bool:
    """Whether a standard is the region's own, or of a region between it and the country."""
    return entry.level in ("local", "policy") and any(
        whole.code in regions.issued_for(entry.region) for whole in regions.wholes(region.code) if "-" in whole.code
    )
