"""pandas by hand: whole columns of doubles."""

import importlib

import duckdb
import pandas
from timing import ROWS, WORKLOAD, data, measured

products = duckdb.connect().execute(f"SELECT * FROM '{data()}' WHERE row < {ROWS} ORDER BY row").df()
rules = importlib.import_module(WORKLOAD)
measured(f"pandas {pandas.__version__}", lambda: rules.judge(products), lambda made: {name: made[name].to_numpy() for name in made.columns})
