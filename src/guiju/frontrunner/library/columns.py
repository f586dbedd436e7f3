"""The four tables of a library and their columns, with the words they go by in files, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guiju.base.diagnostics import Span
from guiju.records.headers import parse_header
from guiju.records.mapping import Entry
from guiju.records.source import Column as Found
from guiju.standard.model import Input, Title

Kind = Literal["number", "boolean", "category", "date", "identifier"]
HERE = Span("library", 1, 1, 1, 2)
"""The place of what no file declares."""


@dataclass(frozen=True, slots=True)
class Column:
    """words   headers it goes by, beside its name and its titles
    values  of a category: value → its words, the first two being its titles zh and en
    """

    name: str
    title: Title
    kind: Kind = "identifier"
    needed: bool = False
    words: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] | None = None
    decimals: int | None = None

    @property
    def asked(self) -> Input:
        """As the door asks it."""
        values = tuple(self.values or ())
        labels = {value: (said[0], said[1]) for value, said in (self.values or {}).items()}
        return Input(self.name, self.name, self.kind, None, self.decimals, None, None, values, self.title.zh, self.title.en, None, HERE, labels)

    def entry(self, column: str) -> Entry:
        translated = {word: value for value, said in (self.values or {}).items() for word in said[2:]}
        return Entry(column=column, values=translated)

    def found(self, columns: tuple[Found, ...]) -> list[Found]:
        """The columns of a file that go by one of its words, however they are spaced or written in capitals."""
        words = {parse_header(word).folded for word in (self.name, self.title.zh, self.title.en, *self.words)}
        return [column for column in columns if parse_header(column.name).folded in words]


@dataclass(frozen=True, slots=True)
class Table:
    """key   its columns that name a row together"""

    name: str
    title: Title
    words: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(each for each in self.columns if each.name == name)


def _is(name: str, zh: str, en: str, *words: str, kind: Kind = "identifier", needed: bool = False, decimals: int | None = None) -> Column:
    return Column(name, Title(zh, en), kind, needed, words, None, decimals)


_ENTERPRISE = ("企业代码", "企业编号", "统一社会信用代码", "enterprise code", "unified social credit code", "uscc")
_STANDARD = ("标准编号", "标准号", "企业标准编号", "standard number")
_EDITION = ("版本", "年份", "标准年份", "standard edition")
_STATUS = Column("status", Title("状态", "status"), "category", True, ("标准状态", "有效性"), {
    "current": ("现行", "current", "有效", "现行有效", "in force", "valid"),
    "superseded": ("被代替", "superseded", "已代替", "作废（被代替）", "replaced"),
    "withdrawn": ("废止", "withdrawn", "作废", "已废止", "撤回", "cancelled"),
})  # fmt: skip

ENTERPRISES = Table("enterprises", Title("企业", "enterprises"), ("企业名录", "企业表", "enterprise"), ("code",), (
    _is("code", "企业代码", "code", *_ENTERPRISE, "代码", "企业", "enterprise", needed=True),
    _is("title_zh", "企业名称", "name (zh)", "名称", "中文名称", "企业中文名称", "name", "name_zh", needed=True),
    _is("title_en", "企业英文名称", "name (en)", "英文名称", "name_en"),
    _is("region", "地区", "region", "所在地区", "地区代码", "省市"),
))  # fmt: skip

STANDARDS = Table("standards", Title("标准", "standards"), ("企业标准", "标准表", "standard", "declared standards"), ("number", "edition"), (
    _is("number", "标准编号", "number", *_STANDARD, "编号", "标准", "standard", needed=True),
    _is("edition", "版本", "edition", *_EDITION),
    _is("enterprise", "企业代码", "enterprise", *_ENTERPRISE, "企业", needed=True),
    _is("title_zh", "标准名称", "title (zh)", "名称", "中文名称", "title", "name", needed=True),
    _is("title_en", "标准英文名称", "title (en)", "英文名称"),
    _is("published", "公布日期", "published", "发布日期", "公开日期", "publication date", kind="date"),
    _STATUS,
    _is("superseded_by", "代替标准", "superseded by", "被代替为", "被何标准代替", "replaced by"),
    _is("references", "规范性引用文件", "references", "引用标准", "引用文件", "normative references"),
    _is("methods", "试验方法", "methods", "检测方法", "test methods"),
    _is("illustrative", "示意", "illustrative", "是否示意", kind="boolean"),
))  # fmt: skip

PRODUCTS = Table("products", Title("产品", "products"), ("产品表", "服务", "产品与服务", "product", "services", "models"), ("product",), (
    _is("product", "产品编号", "product", "产品", "产品代码", "记录编号", "编号", "product_id", "key", "id", needed=True),
    _is("enterprise", "企业代码", "enterprise", *_ENTERPRISE, "企业", needed=True),
    _is("standard", "标准编号", "standard", *_STANDARD, "标准", "执行标准", needed=True),
    _is("edition", "版本", "edition", *_EDITION),
    _is("model", "型号", "model", "产品型号", "车辆型号", "公告型号"),
    _is("brand", "品牌", "brand", "商标"),
    _is("title_zh", "产品名称", "title (zh)", "名称", "中文名称", "title", "name"),
    _is("title_en", "产品英文名称", "title (en)", "英文名称"),
    _is("on_sale", "上市日期", "on sale", "开售日期", "on sale since", kind="date"),
    _is("price", "价格", "price", "价格（元）", "售价", "售价（元）", "指导价（元）", "price (yuan)", "price (CNY)", kind="number", decimals=4),
    _is("markets", "销售地区", "markets", "市场", "销售区域"),
))  # fmt: skip

EVIDENCE = Table("evidence", Title("证据", "evidence"), ("检测报告", "检测结果", "证据表", "measured values"), (), (
    _is("product", "产品编号", "product", "产品", "产品代码", "编号", "product_id", needed=True),
    _is("property", "性质", "property", "指标", "项目", "检测项目", needed=True),
    _is("value", "测得值", "value", "检测结果", "结果", "measured value", kind="number", needed=True),
    _is("unit", "单位", "unit"),
    _is("u", "标准不确定度", "u", "standard uncertainty", kind="number"),
    _is("laboratory", "实验室", "laboratory", "检测机构", "检验机构", "lab"),
    _is("report", "报告编号", "report", "报告", "report number"),
    _is("measured", "检测日期", "measured", "测量日期", "试验日期", "measured on", kind="date"),
    _is("method", "方法", "method", "检测方法", "试验方法", "依据标准"),
))  # fmt: skip

TABLES = (ENTERPRISES, STANDARDS, PRODUCTS, EVIDENCE)
CORE = tuple(column.name for column in PRODUCTS.columns)
"""The columns of products that are no declared values."""


def table_of(word: str) -> Table | None:
    """The table that a sheet or a file is called by."""
    folded = parse_header(word).folded
    return next((t for t in TABLES if folded in {parse_header(w).folded for w in (t.name, t.title.zh, t.title.en, *t.words)}), None)
