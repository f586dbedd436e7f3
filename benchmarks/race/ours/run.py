"""Ours: the SQL of the columnar reading, in DuckDB."""

import duckdb
from timing import ROWS, WORKLOAD, data, measured

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.readings.columnar import columns
from guiju.standard.shelf import Shelf

NUMBERS = {"energy": "GB 36980.1-2025", "subsidy": "财建〔2018〕18号"}
VALUES = {"energy": (), "subsidy": ("subsidy",)}

shelf = Shelf()
program = check(shelf.find(NUMBERS[WORKLOAD]), None, shelf, Problems())
made = columns(program)
wanted = [m.no for m in program.judged] + list(VALUES[WORKLOAD])
connection = duckdb.connect(config={"threads": 2})
connection.execute(f"CREATE TABLE products AS SELECT * FROM '{data()}' WHERE row < {ROWS}")
query = "SELECT " + ", ".join(f'"{name}"' for name in wanted) + f" FROM ({made.sql('products')})"
measured(
    f"DuckDB {duckdb.__version__}",
    lambda: connection.execute(f"CREATE OR REPLACE TABLE judged AS {query}"),
    lambda _: connection.execute("SELECT * FROM judged").fetchnumpy(),
)
