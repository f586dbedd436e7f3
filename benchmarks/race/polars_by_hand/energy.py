"""GB 36980.1-2025, as one would write it."""

import polars as pl

m = pl.col("curb_mass")
limit = pl.when(m <= 1090).then(10.1).when(m <= 2710).then(0.00556 * (m - 1780) + 13.92).otherwise(19.1)
applies = (pl.col("category") == "M1") & (pl.col("powertrain") == "bev") & (pl.col("max_mass") <= 3500)
met = (pl.col("consumption") <= limit).cast(pl.Int8)


def judge(products: pl.LazyFrame) -> pl.DataFrame:
    verdict = pl.when(applies).then(met).otherwise(pl.lit(2, pl.Int8))
    return products.select(verdict.alias("R1"), verdict.alias("overall")).collect()
