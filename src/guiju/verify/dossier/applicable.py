"""Applicable: whom a standard reaches, and whether it can be applied: products in scope, inputs nobody has, lapsed references, its own examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guiju.base.diagnostics import Problems, Severity
from guiju.ir.program import Program
from guiju.readings.examples import run_examples
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.evidence import WHOLE, Evidence, Grid, known, unknown
from guiju.verify.dossier.measured import Made
from guiju.verify.dossier.products import Seen

_UNDETERMINED = Title("范围内不能判定的产品", "products in scope that cannot be judged")


def reach(program: Program, seen: Seen, label: str) -> Made:
    """How much of a population is in scope, clause by clause how much of it cannot be judged, and which inputs are not there."""
    name, rows = seen.products.title, seen.products.rows
    inside, outside, open_ = seen.share(program.scope)
    said = Title(f"{inside}/{rows}；{name.zh}", f"{inside}/{rows}; {name.en}")
    found = [known(f"{WHOLE}:in_scope{label}", "in_scope", WHOLE, Title("适用范围内的产品", "products in its scope"), inside / rows, said=said)]
    found.append(
        known(
            f"{WHOLE}:scope_open{label}",
            "scope_open",
            WHOLE,
            Title("不知是否适用的产品", "products of which it is not known"),
            open_ / rows,
            said=Title(f"{open_}/{rows}，范围外 {outside}", f"{open_}/{rows}; {outside} are outside"),
        )
    )
    absent = [program.inputs[name] for name in program.used_inputs if not seen.products.present.get(name)]
    zh, en = "、".join(each.zh for each in absent), ", ".join(each.en for each in absent)
    title = Title("没有一个产品有的输入", "inputs that no product has")
    found.append(known(f"{WHOLE}:absent{label}", "absent", WHOLE, title, float(len(absent)), said=Title(zh, en) if absent else None))
    for meaning in program.clauses:
        inside, undetermined = 0, 0
        for e, n in zip(seen.evaluations, seen.products.counts, strict=True):
            applies = e.of(meaning.applies)
            if applies is False or e.of(program.scope) is False:
                continue
            inside += n
            undetermined += n if applies is not True or not isinstance(e.of(meaning.requires), bool) else 0
        id_ = f"{meaning.no}:undetermined{label}"
        if inside:
            said = Title(f"{undetermined}/{inside}；{name.zh}", f"{undetermined}/{inside}; {name.en}")
            found.append(known(id_, "undetermined", meaning.no, _UNDETERMINED, undetermined / inside, said=said))
        else:
            why = Title(f"「{name.zh}」中没有适用的产品", f"it applies to no product of {name.en}")
            found.append(unknown(id_, "undetermined", meaning.no, _UNDETERMINED, why))
    return Made(tuple(found), grids=(_inputs(program, seen, label),))


def _inputs(program: Program, seen: Seen, label: str) -> Grid:
    rows = []
    waits = dict(seen.products.missing)
    for name in program.used_inputs:
        present, asked = seen.products.present.get(name), program.inputs[name]
        unit = asked.unit.text if asked.unit and asked.unit.text != "1" else ""
        share = "–" if present is None else f"{present}/{seen.products.rows}"
        rows.append((f"{asked.zh} · {asked.en}", unit, share, str(waits.get(name, 0))))
    heads = (Title("输入", "input"), Title("单位", "unit"), Title("有值", "present"), Title("因缺它而不能判定", "undetermined for want of it"))
    title = Title(f"输入在「{seen.products.title.zh}」中有没有", f"inputs in {seen.products.title.en}")
    return Grid(f"{WHOLE}:inputs{label}", WHOLE, title, heads, tuple(rows))


def without_products(program: Program) -> tuple[Evidence, ...]:
    """What cannot be known without a population."""
    why = Title("没有产品总体", "there is no population")
    made = [unknown(f"{WHOLE}:in_scope", "in_scope", WHOLE, Title("适用范围内的产品", "products in its scope"), why)]
    made += [unknown(f"{m.no}:undetermined", "undetermined", m.no, _UNDETERMINED, why) for m in program.clauses]
    return tuple(made)


def of_text(shelf: Shelf, program: Program) -> Iterator[Evidence]:
    """What the standard itself shows: references, examples, values nobody has verified, words in dispute."""
    yield from _references(shelf, program)
    problems = Problems()
    path = Path(program.standard.file)
    run_examples(program, shelf, problems, lambda day: shelf.open(path, day).standard)
    wrong = [d for d in problems.found if d.severity is Severity.ERROR]
    title = Title("标准自带的例子与文本不符的", "its own examples that disagree with it")
    if program.standard.examples:
        said = Title(f"{len(program.standard.examples)} 个例子", f"{len(program.standard.examples)} examples")
        yield known(f"{WHOLE}:examples", "examples", WHOLE, title, float(len(wrong)), said=said)
    else:
        yield unknown(f"{WHOLE}:examples", "examples", WHOLE, title, Title("没有例子", "there are none"))
    pending = program.standard.unverified
    names = ", ".join(p.name for p in pending)
    yield known(
        f"{WHOLE}:unverified",
        "unverified",
        WHOLE,
        Title("没有数值的参数", "parameters without a value"),
        float(len(pending)),
        said=Title(names, names) if names else None,
    )
    for meaning in program.clauses:
        if meaning.clause.disputed is not None:
            yield known(
                f"{meaning.no}:disputed", "disputed", meaning.no, Title("来源有争议", "sources dispute it"), "yes", said=meaning.clause.disputed
            )


def _references(shelf: Shelf, program: Program) -> Iterator[Evidence]:
    """Dated references that another edition has replaced by the day, and those of which nothing is known."""
    editions = shelf.editions()
    cited = {(r.target, r.edition) for r in program.standard.relations if r.kind == "cites"}
    methods = {c.clause.method for c in program.clauses if c.clause.method}
    lapsed, untold, current = [], [], []
    for target, edition in sorted(cited, key=lambda pair: (pair[0], pair[1] or "")):
        word = target if edition is None else f"{target}-{edition}"
        known_edition = editions.get((target, edition or ""))
        there = shelf.find(word, program.on)
        if known_edition is not None and known_edition.replaced_on is not None and known_edition.replaced_on <= program.on:
            lapsed.append(f"{word} → {known_edition.replaced_by}")
        elif there is not None and there.withdrawn is not None and there.withdrawn <= program.on:
            lapsed.append(f"{word} ({there.withdrawn})")
        elif known_edition is None and there is None:
            untold.append(word)
        else:
            current.append(word)
    title = Title("引用的版本已被代替或废止的", "references that have been replaced or withdrawn")
    words = ", ".join(lapsed)
    if cited and len(untold) == len(cited):
        why = Title(f"书架上不知道这些版本的现状：{', '.join(untold)}", f"the shelf does not know how these stand: {', '.join(untold)}")
        yield unknown(f"{WHOLE}:lapsed", "lapsed", WHOLE, title, why)
    else:
        told = [*(f"{w} ✗" for w in lapsed), *(f"{w} ✓" for w in current), *(f"{w} ?" for w in untold)]
        text = "; ".join(told) or "–"
        yield known(f"{WHOLE}:lapsed", "lapsed", WHOLE, title, float(len(lapsed)), said=Title(text or words, text or words))
    unnamed = sorted(m for m in methods if not any(m.replace(" ", "").startswith(t.replace(" ", "")) for t, _ in cited))
    if unnamed:
        text = ", ".join(unnamed)
        title = Title("条款用到而未列入引用的方法", "methods that clauses use and the references do not list")
        yield known(f"{WHOLE}:unlisted", "unlisted", WHOLE, title, float(len(unnamed)), said=Title(text, text))
