"""Polars by hand: lazy expressions on doubles."""

import importlib

import polars
from timing import ROWS, WORKLOAD, data, measured

products = polars.read_parquet(data(), n_rows=ROWS).lazy()
rules = importlib.import_module(WORKLOAD)
measured(f"Polars {polars.__version__}", lambda: rules.judge(products), lambda made: {name: made[name].to_numpy() for name in made.columns})
