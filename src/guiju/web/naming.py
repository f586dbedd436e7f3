"""Naming: how regions, facets and their values are called."""

from __future__ import annotations

from functools import cache

from guiju.base.diagnostics import Language
from guiju.readings.render import WORDS
from guiju.standard.regions import Regions, load_regions

_FACETS = {"status": ("状态", "Status"), "level": ("层级", "Level"), "region": ("地区", "Region"), "subject": ("对象", "Subject"),
           "issuer": ("发布方", "Issuer")}  # fmt: skip
_SUBJECTS = {
    "application": ("测试与示范应用", "testing and demonstration"), "battery": ("动力电池", "traction battery"), "charger": ("充电设备", "charger"),
    "factory": ("工厂", "factory"), "map": ("地图", "map"), "project": ("减排项目", "project"), "recorder": ("行驶记录仪", "recorder"),
    "road": ("道路", "road"), "roadside": ("路侧设备", "roadside device"), "trip": ("出行", "trip"), "v2x": ("车路协同", "V2X"),
    "vehicle": ("车辆", "vehicle"),
}  # fmt: skip
"""Words of facets; a subject that is not here is called by its code."""


@cache
def regions() -> Regions:
    return load_regions()


def region_title(code: str, language: Language) -> str:
    """How a region is called; its code where it is not known."""
    held = regions().held.get(code)
    return held.title.text(language) if held else code


def facet_title(facet: str, language: Language) -> str:
    return _FACETS[facet][language == "en"]


def facet_value(facet: str, value: str, language: Language) -> str:
    if facet == "region":
        return region_title(value, language)
    return {"subject": _SUBJECTS}.get(facet, WORDS).get(value, (value, value))[language == "en"]
