"""The map of a system and the joint list, as documents and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from guiju.align.joint import Joint, Row, Status
from guiju.align.paper import Facts, Piece, Text, Warned
from guiju.align.published import published
from guiju.align.system import Entry, Evidence
from guiju.align.systemmap import Cell, Missing, SystemMap, is_over
from guiju.base.diagnostics import Language
from guiju.readings.render import WORDS, Grid, Heading, Inline, Lines
from guiju.report.tree import Report
from guiju.standard.form import LEVELS
from guiju.standard.model import Title

SHORT = {
    "international": ("际", "W"), "national": ("国", "N"), "industry": ("行", "I"), "local": ("地", "L"), "group": ("团", "G"),
    "enterprise": ("企", "E"), "policy": ("政", "P"),
}  # fmt: skip
"""A level in one letter; W is for worldwide."""
SEEN_WORDS = {
    "text": Title("正文", "text"), "excerpt": Title("摘录", "excerpt"), "contents": Title("目录", "contents"), "cover": Title("封面", "cover"),
    "metadata": Title("题录", "metadata"), "title": Title("名称", "title"), "news": Title("新闻", "news"), "cited": Title("被引用", "cited only"),
}  # fmt: skip
STATUSES = {
    Status.APPLIES: ("✓", Title("适用", "applies")), Status.JOINT: ("✓✓", Title("共同发布", "issued jointly")),
    Status.PART: ("◐", Title("部分地方", "in a part")), Status.OWN: ("≠", Title("自有同类", "has its own")),
    Status.NONE: ("–", Title("没有", "none")),
}  # fmt: skip


def short(level: str, language: Language) -> str:
    return SHORT[level][language == "en"]


def cell_text(made: SystemMap, cell: Cell, language: Language) -> str:
    """How many a cell has at each level, such as 国2 团5; and after an exclamation mark the levels at which something wanted is missing."""
    counts = [(level, len(cell.at(level))) for level in LEVELS]
    held = " ".join(f"{short(level, language)}{count}" for level, count in counts if count)
    lacking = "".join(short(m.level, language) for m in made.missing if (m.wanted.segment, m.wanted.aspect) == (cell.segment, cell.aspect))
    return " ".join(part for part in (held, f"!{lacking}" if lacking else "") if part)


def legend(language: Language) -> str:
    words = ("、" if language == "zh" else ", ").join(f"{short(level, language)} {WORDS[level][language == 'en']}" for level in LEVELS)
    return f"{words}；! 应有而未见" if language == "zh" else f"{words}; ! wanted, none known"


def map_report(made: SystemMap, language: Language) -> Report:
    """The map as a report."""
    return published(_Map(made, language).pieces(), language, made.on)


def joint_report(made: Joint, language: Language) -> Report:
    """The joint-implementation list as a report."""
    return published(_Joint(made, language).pieces(), language, made.on)


class _Map:
    def __init__(self, made: SystemMap, language: Language) -> None:
        self.made, self.language = made, language

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def listed(self, words: Iterable[str]) -> str:
        return self.word("、", ", ").join(words)

    def pieces(self) -> Iterator[Piece]:
        m = self.made
        yield Heading(1, m.system.title.text(self.language))
        shelf = sum(e.on_shelf for e in m.entries)
        rows = [
            (self.word("截至", "as of"), str(m.on)), (self.word("预告至", "looking ahead to"), str(m.until)),
            (self.word("标准", "standards"), self.word(f"{len(m.entries)}，书架上 {shelf}", f"{len(m.entries)}, {shelf} of them on the shelf")),
            (self.word("应有而未见", "wanted, none known"), str(len(m.missing))),
        ]  # fmt: skip
        yield Facts(tuple((name, (value,)) for name, value in rows))
        yield Text((self.word("只写见到的事实；未见的写作未知，不推断。", "Only what was seen is told; the rest is unknown and not guessed."),))
        yield from self.matrix()
        yield from self.missing()
        yield from self.ahead()
        yield from self.unknown()
        yield from self.everything()

    def matrix(self) -> Iterator[Piece]:
        m = self.made
        yield Heading(2, self.word("门类 × 方面", "Segments × aspects"))
        header = (self.word("门类", "segment"), *(title.text(self.language) for title in m.system.aspects.values()))
        rows = [
            tuple((text,) for text in (seg.title.text(self.language), *(cell_text(m, m.cells[seg.id, a], self.language) for a in m.system.aspects)))
            for seg in m.segments.values()
        ]  # fmt: skip
        yield Grid(header, tuple(rows))
        yield Text((legend(self.language) + self.word("。已被代替或废止的也计入。", ". What is replaced or withdrawn is counted too."),))

    def missing(self) -> Iterator[Piece]:
        yield Heading(2, self.word("应有而未见的", "Wanted, none known"))
        if not self.made.missing:
            yield Text((self.word("没有。", "None."),))
            return
        header = (("位置", "cell"), ("层级", "level"), ("为何应有", "why wanted"), ("草案", "drafts"), ("其他层级已有", "other levels"))
        rows = (missing_row(self.made, each, self.language) for each in self.made.missing)
        yield Text((self.word("未见不等于没有：书架与目录中没有这样的标准。", "Not known is not missing: neither shelf nor catalogue has one."),))
        yield Grid(tuple(self.word(*h) for h in header), tuple(tuple((cell,) for cell in row) for row in rows))
        if any(each.wanted.source.grade == "illustrative" for each in self.made.missing):
            yield Warned(self.word("标“示意”的应有项出自本图自己的框架。", "What is marked illustrative our own frame wants, and no document."))

    def ahead(self) -> Iterator[Piece]:
        m, zh_en = self.made, self.word
        yield Heading(2, zh_en("将到期的", "About to expire"))
        if m.expiring:
            yield Grid((zh_en("日期", "day"), zh_en("标准", "standard"), zh_en("事项", "what")),
                       tuple(((e.day.text,), (e.entry.number,), (e.what.text(self.language),)) for e in m.expiring))  # fmt: skip
        else:
            yield Text((zh_en("没有已知的日期。", "No day is known."),))
        yield Heading(2, zh_en("复审期满的", "Reviews due"))
        review = m.system.review
        if review is None:
            yield Text((zh_en("体系没有写明复审周期。", "The system says no period of review."),))
            return
        levels = self.listed(WORDS[level][self.language == "en"] for level in review.levels)
        years = f"{review.months} " + zh_en("个月", "months")
        yield Text((zh_en(
            f"{levels}的复审周期一般不超过 {years}（{review.source.title}，证据 {review.source.grade}）。期满是应当复审，不是失效；"
            "从实施日起算，未见实施日的从发布日起算，只知年月的算到最后一日。",
            f"{levels} standards are reviewed in general at least every {years} ({review.source.title}, evidence {review.source.grade}). Due means "
            "that a review should be held, not that the standard lapses. Counted from the day of force, else of issue; a month or year from its end.",
        ),))  # fmt: skip
        if m.due:
            rows = tuple(((str(d.day),), (d.entry.number,), (zh_en("已期满", "past") if d.past else zh_en("将期满", "ahead"),)) for d in m.due)
            yield Grid((zh_en("最迟", "at the latest"), zh_en("标准", "standard"), zh_en("状态", "state")), rows)
        if m.undated:
            yield Text((zh_en("日期未知，无从算起：", "No date is known of: ") + self.listed(e.number for e in m.undated),))

    def unknown(self) -> Iterator[Piece]:
        m = self.made
        yield Heading(2, self.word("只知其名的", "Known by name only"))
        yield Text((self.listed(f"{e.number} ({SEEN_WORDS[e.seen].text(self.language)})" for e in m.unseen) or self.word("没有。", "None."),))
        yield Heading(2, self.word("归口未知的", "Owner not known"))
        yield Text((self.listed(e.number for e in m.orphaned) or self.word("没有。", "None."),))
        yield Heading(2, self.word("被引用而未收入的", "Cited and held nowhere"))
        cited = tuple((f"{number} ← {self.listed(by)}",) for number, by in m.cited.items())
        yield Lines(cited) if cited else Text((self.word("没有。", "None."),))

    def everything(self) -> Iterator[Piece]:
        m = self.made
        yield Heading(2, self.word("全部标准", "Every standard"))
        header = (("标准", "standard"), ("方面", "aspect"), ("层级", "level"), ("地区", "region"), ("日期", "date"), ("归口", "owner"),
                  ("所见", "seen"), ("来源", "source"))  # fmt: skip
        for segment in m.segments.values():
            entries = [e for aspect in m.system.aspects for e in m.cells[segment.id, aspect].entries]
            if entries:
                yield Heading(3, segment.title.text(self.language))
                yield Grid(tuple(self.word(*h) for h in header), tuple(self.row(e) for e in entries))
        yield Heading(2, self.word("来源", "Sources"))
        sources = {e.source.id: e.source for e in m.entries if e.source}
        yield Lines(tuple((f"{s.id} · {s.grade} · {s.title} {s.address or ''}",) for s in sources.values()))

    def row(self, e: Entry) -> tuple[tuple[Inline, ...], ...]:
        over = self.word("，已被代替或废止", ", over") if is_over(e, self.made.on) else self.word("，草案", ", draft") if e.status == "draft" else ""
        unknown = self.word("未知", "unknown")
        cells = (
            f"{e.number} {e.title.text(self.language)}", self.made.system.aspects[e.aspect].text(self.language),
            WORDS[e.level][self.language == "en"] + over, e.region, e.since.text if e.since else unknown,
            e.owner.text(self.language) if e.owner else unknown,
            self.word("书架", "shelf") if e.on_shelf else SEEN_WORDS[e.seen].text(self.language),
            f"{e.source.id} · {e.source.grade}" if e.source else "",
        )  # fmt: skip
        return tuple((cell,) for cell in cells)


def missing_row(made: SystemMap, missing: Missing, language: Language) -> tuple[str, ...]:
    """Cell, level, why it is wanted and by what evidence, drafts, and what there is at other levels."""
    w = missing.wanted
    place = f"{made.segments[w.segment].title.text(language)} · {made.system.aspects[w.aspect].text(language)}"
    illustrative = "示意" if language == "zh" else "illustrative"
    grade = illustrative if w.source.grade == "illustrative" else w.source.grade
    elsewhere = " ".join(f"{short(level, language)}{n}" for level in LEVELS if (n := sum(e.level == level for e in missing.elsewhere)))
    drafts = ", ".join(e.number for e in missing.drafts)
    return place, WORDS[missing.level][language == "en"], f"{w.why.text(language)} [{grade}]", drafts, elsewhere


class _Joint:
    def __init__(self, made: Joint, language: Language) -> None:
        self.made, self.language = made, language
        self.names = [region.title.text(language) for region in made.regions]

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def pieces(self) -> Iterator[Piece]:
        everywhere = [row for row in self.made.rows if row.everywhere]
        rest = [row for row in self.made.rows if not row.everywhere]
        yield Heading(1, self.word("共同实施清单", "Joint implementation"))
        facts = (
            (self.word("地区", "regions"), self.word("、", ", ").join(self.names)), (self.word("截至", "as of"), str(self.made.on)),
            (self.word("处处适用", "apply everywhere"), str(len(everywhere))), (self.word("并非处处", "do not"), str(len(rest))),
        )  # fmt: skip
        yield Facts(tuple((name, (value,)) for name, value in facts))
        yield Text((self.word("；", "; ").join(f"{mark} {title.text(self.language)}" for mark, title in STATUSES.values()),))
        yield Heading(2, self.word("并非处处适用的", "What does not apply everywhere"))
        yield Grid((self.word("标准", "standard"), *self.names), tuple(self.row(row) for row in rest)) if rest else self.none()
        yield Heading(2, self.word("处处适用的", "What applies everywhere"))
        titles = tuple((f"{row.entry.number} {row.entry.title.text(self.language)}",) for row in everywhere)
        yield Lines(titles) if titles else self.none()
        yield Heading(2, self.word("互认协议", "Agreements on recognition"))
        for agreement, parties in self.made.agreements:
            signed = agreement.signed.text if agreement.signed else self.word("日期未知", "date unknown")
            source = f"{agreement.source.title} [{agreement.source.grade}]"
            yield Text((f"{agreement.title.text(self.language)} ({signed}; {source})",))
            words = [self.word("参加", "a party") if party else self.word("未参加", "no party") for party in parties]
            told = zip(self.names, words, strict=True)
            yield Lines(tuple((f"{name}: {said}",) for name, said in told))
        if not self.made.agreements:
            yield self.none()

    def none(self) -> Text:
        return Text((self.word("没有。", "None."),))

    def row(self, row: Row) -> tuple[tuple[Inline, ...], ...]:
        statuses = ((f"{STATUSES[held.status][0]} {held.why.text(self.language)}",) for held in row.held)
        return ((f"{row.entry.number} {row.entry.title.text(self.language)}",), *statuses)


def map_json(made: SystemMap, language: Language) -> dict[str, object]:
    """The map for programs."""
    return {
        "system": made.system.id, "on": str(made.on), "until": str(made.until), "standards": len(made.entries),
        "cells": [{"segment": c.segment, "aspect": c.aspect, "levels": {level: [e.number for e in c.at(level)] for level in LEVELS if c.at(level)}}
                  for c in made.cells.values() if c.entries],
        "missing": [{"segment": m.wanted.segment, "aspect": m.wanted.aspect, "level": m.level, "why": m.wanted.why.text(language),
                     "evidence": m.wanted.source.grade, "drafts": _numbers(m.drafts), "elsewhere": _numbers(m.elsewhere)} for m in made.missing],
        "expiring": [{"standard": e.entry.number, "day": e.day.text, "what": e.what.text(language)} for e in made.expiring],
        "due": [{"standard": d.entry.number, "day": str(d.day), "past": d.past} for d in made.due], "undated": _numbers(made.undated),
        "unseen": _numbers(made.unseen), "orphaned": _numbers(made.orphaned), "cited": {number: list(by) for number, by in made.cited.items()},
        "entries": [_entry_json(e, language) for e in made.entries],
    }  # fmt: skip


def _numbers(entries: Sequence[Entry]) -> list[str]:
    return [e.number for e in entries]


def _entry_json(e: Entry, language: Language) -> dict[str, object]:
    return {
        "number": e.number, "title": e.title.text(language), "level": e.level, "region": e.region, "segment": e.segment, "aspect": e.aspect,
        "issued": e.issued.text if e.issued else None, "effective": e.effective.text if e.effective else None,
        "withdrawn": e.withdrawn.text if e.withdrawn else None, "status": e.status or None, "owner": e.owner.text(language) if e.owner else None,
        "on_shelf": e.on_shelf, "seen": e.seen, "source": _source_json(e.source),
    }  # fmt: skip


def _source_json(source: Evidence | None) -> dict[str, object] | None:
    return {"title": source.title, "address": source.address, "evidence": source.grade} if source else None


def joint_json(made: Joint, language: Language) -> dict[str, object]:
    """The joint list for programs."""

    def row(each: Row) -> dict[str, object]:
        regions = zip(made.regions, each.held, strict=True)
        held = {region.code: {"status": h.status.value, "why": h.why.text(language), "own": list(h.own)} for region, h in regions}
        e = each.entry
        return {"standard": e.number, "segment": e.segment, "aspect": e.aspect, "everywhere": each.everywhere, "regions": held}

    agreements = [{
        "title": a.title.text(language), "signed": a.signed.text if a.signed else None, "evidence": a.source.grade,
        "parties": [region.code for region, party in zip(made.regions, parties, strict=True) if party],
    } for a, parties in made.agreements]  # fmt: skip
    return {"regions": [r.code for r in made.regions], "on": str(made.on), "rows": [row(each) for each in made.rows], "agreements": agreements}
