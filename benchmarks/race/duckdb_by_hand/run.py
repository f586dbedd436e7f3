"""SQL for DuckDB written by hand: doubles, CASE, no shifts."""

import duckdb
from timing import PEER, ROWS, WORKLOAD, data, measured

connection = duckdb.connect(config={"threads": 2})
connection.execute(f"CREATE TABLE products AS SELECT * FROM '{data()}' WHERE row < {ROWS}")
query = (PEER / f"{WORKLOAD}.sql").read_text(encoding="utf-8")
measured(
    f"DuckDB {duckdb.__version__}",
    lambda: connection.execute(f"CREATE OR REPLACE TABLE judged AS {query}"),
    lambda _: connection.execute("SELECT * FROM judged").fetchnumpy(),
)
