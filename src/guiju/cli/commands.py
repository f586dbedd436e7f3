"""The commands as typed: names, options and help. What they do is imported when they are called, so that starting stays quick."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


def _shelved(incomplete: str) -> list[tuple[str, str]]:
    """What a shell offers where a standard is to be named; the shelf is looked through only then."""
    from guiju.cli import authoring

    return authoring.names_like(incomplete)


_NAMED = "标准号、文件夹或文件 · number, folder or file of a standard"
Standards = Annotated[list[str], typer.Argument(metavar="STANDARD...", help=_NAMED, autocompletion=_shelved)]
Standard = Annotated[str, typer.Argument(metavar="STANDARD", help=_NAMED, autocompletion=_shelved)]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="按此日期的规定，默认实施日期 · as of this date, default the effective one")]
Records = Annotated[Path, typer.Option("--records", metavar="FILE", help="记录：CSV XLSX Parquet NDJSON JSON · the file of records")]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="列对应文件；默认按表头推断 · mapping; default: from the headers")
]
Sheet = Annotated[str | None, typer.Option("--sheet", help="工作表名 · sheet of a workbook")]
Snapshots = Annotated[
    list[Path] | None, typer.Option("--snapshot", metavar="FILE", help="总体的快照，可多次 · snapshot of its populations, repeatable")
]
Corrected = Annotated[bool, typer.Option("--corrected", help="原文疑误处按勘正 · read texts believed wrong as corrected, not as written")]


class Engine(StrEnum):
    """Engines the columnar reading writes SQL for."""

    DUCKDB = "duckdb"
    SPARK = "spark"


ReportFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="写成报告：PDF DOCX HTML XLSX MD，按后缀 · write a report, its form by the ending")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件 · may replace an existing file")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")]


def list_standards(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD...]", help="编号或名称中的词 · words in the number or title")] = None,
    as_json: AsJson = False,
) -> None:
    """列出书架上的标准 · the standards on the shelf."""
    from guiju.cli import reading

    reading.list_standards(words or [], as_json)


def check(
    standards: Annotated[
        list[str] | None, typer.Argument(metavar="[STANDARD...]", help="默认检查整个书架 · default: the whole shelf", autocompletion=_shelved)
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """检查标准：格式、名称、单位、表、引用、算例 · check standards: form, names, units, tables, references, examples."""
    from guiju.cli import reading

    raise typer.Exit(reading.check(standards or [], on, as_json))


def show(
    standard: Standard,
    on: On = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="写成一页 HTML · write one HTML page")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="写成 Markdown · write Markdown")] = None,
    corrected: Corrected = False,
) -> None:
    """把标准印成给人读的文档 · print a standard as a document for people."""
    from guiju.cli import reading

    reading.show_standard(standard, on, html, markdown, corrected)


def lock(standard: Standard) -> None:
    """锁定所依据的标准的内容，写成 lock.yaml · lock the content of the standards it rests on, as lock.yaml."""
    from guiju.cli import reading

    reading.lock(standard)


def sql(
    standard: Standard,
    source: Annotated[str, typer.Option(help="表名 · name of the table of records")] = "records",
    dialect: Annotated[Engine, typer.Option(help="为哪个引擎 · for which engine")] = Engine.DUCKDB,
    on: On = None,
    corrected: Corrected = False,
    snapshot: Snapshots = None,
) -> None:
    """显示批量判定所用的 SQL · the SQL that judges a table.

    结论列：0 不符合，1 符合，2 不适用，NULL 无法判定 · verdicts: 0 fail, 1 pass, 2 not applicable, NULL undetermined.
    """
    from guiju.cli import reading

    reading.sql(standard, source, dialect, on, corrected, snapshot or [])


def spark(
    standard: Standard,
    records: Annotated[str, typer.Option("--records", metavar="PARQUET", help="Parquet 文件、文件夹或地址 · a Parquet file, folder or address")],
    out: Annotated[str | None, typer.Option("--out", metavar="FOLDER", help="写出 Parquet 文件夹 · a folder of Parquet to write")] = None,
    mapping: MappingFile = None,
    master: Annotated[str | None, typer.Option("--master", help="local[2]、spark://host:7077、yarn …；默认按配置 · default: as configured")] = None,
    on: On = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件夹 · may replace an existing folder")] = False,
    corrected: Corrected = False,
) -> None:
    """在 Spark 上判定 Parquet 中的记录，本机或集群 · judge records in Parquet on Spark, on this machine or a cluster.

    需要 Java 和附加依赖 spark；退出码同 evaluate · needs Java and the extra `spark`; exit codes as of evaluate.
    """
    from guiju.cli.spark import judge_on_spark

    raise typer.Exit(judge_on_spark(standard, records, out, mapping, master, on, overwrite, corrected))


def evaluate(
    standards: Standards,
    records: Records,
    mapping: MappingFile = None,
    sheet: Sheet = None,
    on: On = None,
    out: Annotated[list[Path] | None, typer.Option("--out", metavar="FILE", help="写出 CSV XLSX Parquet JSON NDJSON，可多次 · repeatable")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件 · may replace an existing file")] = False,
    rows: Annotated[int, typer.Option("--rows", help="最多逐条显示多少条 · show at most so many records one by one")] = 30,
    strict: Annotated[bool, typer.Option("--strict", help="有不可用的单元格即以 2 退出 · exit 2 if any cell cannot be used")] = False,
    corrected: Corrected = False,
    snapshot: Snapshots = None,
) -> None:
    """按标准判定一批记录 · judge a file of records by one or more standards.

    退出码 0 全部符合或不适用；1 有不符合；3 无不符合但有无法判定；2 输入有误 ·
    exit code 0 all pass or not applicable; 1 something fails; 3 nothing fails, something is undetermined; 2 wrong input.
    """
    from guiju.cli import judging

    raise typer.Exit(judging.evaluate_records(standards, records, mapping, sheet, on, out or [], overwrite, rows, strict, corrected, snapshot or []))


def explain(
    standards: Standards,
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE", help="一条记录 YAML 或 JSON · one record, name: value")] = None,
    put: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="给出或改动一个输入，可多次 · repeatable")] = None,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="从记录文件中取一条 · take it from a file of records")] = None,
    key: Annotated[str | None, typer.Option("--key", help="其键或行号 · its key, or row number")] = None,
    mapping: MappingFile = None,
    on: On = None,
    as_json: AsJson = False,
    corrected: Corrected = False,
    snapshot: Snapshots = None,
) -> None:
    """解释一条记录为什么得到这些结论 · explain why a record gets its verdicts."""
    from guiju.cli import judging

    raise typer.Exit(judging.explain_record(standards, record, put or [], records, key, mapping, on, as_json, corrected, snapshot or []))


class DecisionRule(StrEnum):
    """How a verdict takes uncertainty into account."""

    SIMPLE = "simple"
    GUARD = "guard"
    ILAC_G8 = "ilac-g8"
    ISO_14253_1 = "iso14253-1"


class Way(StrEnum):
    """How draws are made."""

    PHILOX = "philox"
    SOBOL = "sobol"


def uncertain(
    standard: Standard,
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE", help="一条记录，name: {value, u, k, dof} · one record")] = None,
    put: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE±U", help="一个输入及其标准不确定度，可多次 · repeatable")] = None,
    correlation: Annotated[list[str] | None, typer.Option("--correlation", metavar="NAME,NAME=R", help="相关系数，可多次 · repeatable")] = None,
    rule: Annotated[DecisionRule, typer.Option("--rule", help="判定规则 · decision rule")] = DecisionRule.SIMPLE,
    trials: Annotated[int | None, typer.Option("--trials", help="抽样次数，默认 100000 · number of draws")] = None,
    digits: Annotated[int | None, typer.Option("--digits", min=1, max=3, help="抽到几位有效数字稳定 · draw until so many digits settle")] = None,
    sampler: Annotated[Way, typer.Option("--sampler", help="抽样方法 · how draws are made")] = Way.PHILOX,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**62, help="抽样的种子 · seed of the draws")] = 1,
    process: Annotated[
        list[str] | None, typer.Option("--process", metavar="NAME=MEAN±SD", help="产品所出的过程，求全局风险 · the process, for global risks")
    ] = None,
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="方差来自哪些输入 · whose variance it is: Sobol indices")] = False,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="许多条记录 · many records of a file")] = None,
    wide: Annotated[
        list[str] | None, typer.Option("--u", metavar="NAME=U|P%|@COLUMN", help="许多记录的标准不确定度，可多次 · of many records, repeatable")
    ] = None,
    mapping: MappingFile = None,
    sheet: Sheet = None,
    singles: Annotated[int, typer.Option("--singles", min=0, help="靠近分界的逐条抽样，至多 · read so many near a border by draws")] = 200,
    out: Annotated[list[Path] | None, typer.Option("--out", metavar="FILE", help="写出逐条结果，可多次 · write what is said of each record")] = None,
    overwrite: Overwrite = False,
    on: On = None,
    as_json: AsJson = False,
    corrected: Corrected = False,
    snapshot: Snapshots = None,
) -> None:
    """带测量不确定度的一条记录或许多记录：裕度、符合概率、等级、风险 · records with uncertainties: margins, probabilities, grades, risks.

    一条记录的退出码同 explain，按所给的值；许多记录为 0 · exit codes of one record as of explain, by the values given; of many, 0.
    """
    one = {"--record": record, "--set": put, "--process": process, "--trials": trials, "--digits": digits, "--sampler": sampler is Way.SOBOL,
           "--sensitivity": sensitivity}  # fmt: skip
    several = {"--u": wide, "--mapping": mapping, "--sheet": sheet, "--out": out}
    if records is not None:
        from guiju.cli import uncertain_many as many

        many.refuse_those_of(one, of_one=True)
        pairs, to = tuple(correlation or ()), tuple(out or ())
        asked = many.Asked(records, mapping, sheet, tuple(wide or ()), pairs, singles, seed, to, overwrite, rule.value)
        raise typer.Exit(many.uncertain_records(standard, asked, on, as_json, corrected, snapshot or []))
    from guiju.cli import uncertain as told
    from guiju.cli.uncertain_many import refuse_those_of

    refuse_those_of(several, of_one=False)
    drawing = told.Drawing(trials, digits, sampler.value, seed, sensitivity)
    options = (correlation or [], drawing, rule.value, process or [], on, as_json, corrected, snapshot or [])
    raise typer.Exit(told.uncertain_record(standard, record, put or [], *options))


def snapshot(
    standard: Standard,
    records: Annotated[Path, typer.Argument(metavar="RECORDS", help="参加排名的记录 · the file of records to be ranked")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="按此日期的规定，自此日起有效 · as of this date, and valid from it on")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="写成文件，从不覆盖 · written to this file, never over another")],
    mapping: MappingFile = None,
    sheet: Sheet = None,
    corrected: Corrected = False,
) -> None:
    """对标准的总体排名，把界限写成不可改动的快照 · rank a standard's populations, and keep the thresholds as a snapshot.

    evaluate、explain、sql 以 --snapshot 使用它 · evaluate, explain and sql take it as --snapshot.
    """
    from guiju.cli import ranking

    ranking.take(standard, records, on, to, mapping, sheet, corrected)


class Question(StrEnum):
    """What can be asked of standards about every record at once."""

    STRICTER = "stricter"
    PAIRS = "pairs"
    SATISFIABLE = "satisfiable"
    IMPLIED = "implied"
    UNREACHABLE = "unreachable"
    MONOTONE = "monotone"
    UNDEFINED = "undefined"
    JUMPS = "jumps"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


def prove(
    question: Annotated[Question, typer.Argument(metavar="QUESTION", help=(
        "stricter A B 前者至少一样严 · pairs A B 逐条比较 · satisfiable A… 能满足 · implied A 可由其余推出 · unreachable A 达不到的级 · "
        "monotone A 变好不变差 · undefined A 会没有值 · jumps A 表不相接"
    ))],
    standards: Standards,
    on: On = None,
    all_dates: Annotated[bool, typer.Option("--all-dates", help="stricter：对今后每一天 · for every date from then on")] = False,
    treat_as: Annotated[
        list[str] | None, typer.Option("--treat-as", metavar="ASKED=USED", help="以另一性质代替 · one property stands for another")
    ] = None,
    any_method: Annotated[bool, typer.Option("--any-method", help="试验方法不同也比较 · compare although test methods differ")] = False,
    scenario: Annotated[str | None, typer.Option("--scenario", help="satisfiable：只看这个场景 · only this scenario")] = None,
    target: Annotated[str, typer.Option("--of", metavar="NAME", help="monotone：看哪个结论 · of which result")] = "overall",
    name: Annotated[str | None, typer.Option("--input", metavar="NAME", help="monotone：哪个输入，默认逐个 · which input")] = None,
    better: Annotated[Better, typer.Option("--better", help="monotone：哪个方向更好 · which way is better")] = Better.HIGHER,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="先从真实记录找证据 · real records first")] = None,
    mapping: MappingFile = None,
    steps: Annotated[int, typer.Option("--steps", help="求解器每次检查的步数上限 · steps the solver may take for each check")] = 20_000_000,
    seconds: Annotated[float, typer.Option("--seconds", help="每问的秒数上限 · seconds for each question")] = 20.0,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """对所有可能的记录证明，或给出反例 · prove it of every possible record, or show one for which it does not hold.

    退出码 0 全部成立；1 有不成立；3 有未知或不可比；2 输入有误 ·
    exit code 0 all proved; 1 something refuted; 3 unknown or not comparable; 2 wrong input.
    """
    from guiju.cli import proving

    raise typer.Exit(proving.prove(
        question.value, standards, on=on, all_dates=all_dates, treat_as=treat_as or [], any_method=any_method, scenario=scenario, target=target,
        name=name, better="lower" if better is Better.LOWER else "higher", records=records, mapping=mapping, steps=steps, seconds=seconds,
        as_json=as_json,
    ))  # fmt: skip


def map_columns(
    standards: Standards,
    records: Records,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写成文件 · write to a file")] = None,
    sheet: Sheet = None,
) -> None:
    """按表头推断列的对应，写成可修改的文件 · suggest a mapping of columns from their headers."""
    from guiju.cli import judging

    judging.map_columns(standards, records, out, sheet)


def import_set(
    name: Annotated[str, typer.Argument(metavar="NAME", help="ademe | epa | open-ev")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="该数据集的 CSV（可 .gz）或 Parquet · the set's CSV (also .gz) or Parquet")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写出记录，旁边写列对应文件 · records, with their mapping beside")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件 · may replace an existing file")] = False,
) -> None:
    """导入公开的车辆数据集，写成记录与列对应 · import a public set of vehicles as records and their mapping."""
    from guiju.cli import judging

    judging.import_set(name, file, out, overwrite)


def schema(
    document: Annotated[str, typer.Argument(metavar="[DOCUMENT]", help="standard | examples | mapping | properties | factors")] = "standard",
) -> None:
    """各种文件的 JSON Schema，供编辑器补全和查错 · JSON Schema of a document, for editors."""
    from guiju.cli import authoring

    authoring.print_schema(document)


def format_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="文件，或标准所在的文件夹 · files, or folders with standards")],
    check: Annotated[bool, typer.Option("--check", help="不写，应重排则以 1 退出 · write nothing, exit 1 if a file would change")] = False,
) -> None:
    """把标准的文件排成统一的样子，保留注释与含义 · lay standards out in one way, keeping comments and meaning."""
    from guiju.cli import authoring

    raise typer.Exit(authoring.format_files(paths, check))


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="写到哪个文件夹 · folder to write")],
    kind: Annotated[str, typer.Option("--kind", help="limits 限值 | graded 分级 | methodology 方法学")] = "limits",
) -> None:
    """写一份完整、能运行的标准作为开头 · begin a standard with a complete one that runs."""
    from guiju.cli import authoring

    authoring.print_new(folder, kind)


def aggregate(
    standard: Standard,
    records: Annotated[Path, typer.Argument(metavar="RECORDS", help="记录：CSV XLSX Parquet NDJSON JSON · the file of records")],
    level: Annotated[
        str | None, typer.Option("--level", metavar="NAME", help="哪一级；默认全部，写出最后一级 · default: all; the last is written")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="写出 CSV XLSX Parquet JSON NDJSON · write the groups")] = None,
    mapping: MappingFile = None,
    sheet: Sheet = None,
    on: On = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="可覆盖已有文件 · may replace an existing file")] = False,
    as_json: AsJson = False,
    corrected: Corrected = False,
) -> None:
    """按标准汇总一批记录：分组、前若干条、求和、上限 · bring records together: groups, the first so many, sums, caps.

    退出码 0 全部已定；3 有记录无法判定而未计入；2 输入有误 · exit code 0 all decided; 3 undetermined records left out; 2 wrong input.
    """
    from guiju.cli import aggregating

    raise typer.Exit(aggregating.aggregate_records(standard, records, level, to, mapping, sheet, on, overwrite, as_json, corrected))


def report_evaluate(
    standards: Standards,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PDF DOCX HTML XLSX MD，按后缀 · by its ending")],
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE", help="一条记录 YAML 或 JSON · one record, name: value")] = None,
    put: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="给出或改动一个输入，可多次 · repeatable")] = None,
    records: Annotated[Path | None, typer.Option("--records", metavar="FILE", help="一批记录 · a file of records")] = None,
    key: Annotated[str | None, typer.Option("--key", help="只报告其中一条：其键或行号 · one of them, by key or row number")] = None,
    mapping: MappingFile = None,
    sheet: Sheet = None,
    on: On = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="每份标准最多逐条列出多少条 · records listed one by one, per standard")] = 200,
    corrected: Corrected = False,
    snapshot: Snapshots = None,
    overwrite: Overwrite = False,
) -> None:
    """评价报告：一条记录的结论与解释，或一批记录的计数、不符合清单与数据质量 · report of one record, or of a file of them.

    相同的输入得到逐字节相同的文件；退出码同 evaluate · the same inputs give the same bytes; exit codes as of evaluate.
    """
    from guiju.cli.reporting import report_evaluation

    raise typer.Exit(report_evaluation(
        standards, out, record=record, put=put or [], records=records, key=key, mapping=mapping, sheet=sheet, on=on, rows=rows, corrected=corrected,
        snapshots=snapshot or [], overwrite=overwrite,
    ))  # fmt: skip
