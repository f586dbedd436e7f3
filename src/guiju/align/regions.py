"""Regions, which lie with the standards now: these names are for who still looks for them here."""

from __future__ import annotations

from guiju.standard.regions import Region, Regions, load_regions

__all__ = ["Region", "Regions", "load_regions"]
