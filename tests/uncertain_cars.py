"""A made-up standard for cars, with a table, a product, an absolute value and a rounding."""

from __future__ import annotations

from checking import MADE_UP

CARS = MADE_UP + """
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 1, min: 300, max: 6000}
  energy: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
  distance: {is: nev.range.cltc, unit: km, decimals: 1, min: 0, max: 2000}
tables:
  limit:
    zh: 限值
    en: limit
    of: mass
    kind: step
    unit: kWh/100km
    numeric: {m: mass as kg}
    rows: [{upto: 1000 kg, value: 10}, {upto: 2000 kg, value: 0.005 * m + 6}, {value: 17}]
    jumps: [1000 kg, 2000 kg]
    source: s
formulas:
  used: {zh: 用电, en: used, unit: kWh, formula: energy * distance, source: s}
  gap: {zh: 差, en: gap, unit: km, formula: abs(distance - 500 km), source: s}
  told: {zh: 修约, en: told, unit: km, formula: "round_gb(distance, 10 km)", source: s}
clauses:
  "1": {zh: 一, en: one, shall: energy <= limit, source: s}
  "2": {zh: 二, en: two, shall: distance >= 500 km, source: s}
  "3": {zh: 三, en: three, shall: energy <= limit and distance >= 500 km, source: s}
  "4": {zh: 四, en: four, shall: told >= 500 km, source: s}
"""
