"""财建〔2018〕18号, as one would write it."""

import polars as pl

m, consumption, range_, density = pl.col("curb_mass"), pl.col("consumption"), pl.col("range"), pl.col("density")
y = pl.when(m <= 1000).then(0.0126 * m + 0.45).when(m <= 1600).then(0.0108 * m + 2.25).otherwise(0.0045 * m + 12.33)
bev = (pl.col("category") == "M1") & (pl.col("powertrain") == "bev")
phev = (pl.col("category") == "M1") & (pl.col("powertrain") == "phev")
met = {"R1": range_ >= 150, "R2": density >= 105, "R3": consumption <= pl.col("y")}
electric = pl.col("electric_range") >= 50
ratio = consumption / pl.col("y")
amount = (
    pl.when(range_ < 150).then(0.0).when(range_ < 200).then(1.5).when(range_ < 250).then(2.4)
    .when(range_ < 300).then(3.4).when(range_ < 400).then(4.5).otherwise(5.0)
)  # fmt: skip
by_density = pl.when(density < 105).then(0.0).when(density < 120).then(0.6).when(density < 140).then(1.0).when(density < 160).then(1.1).otherwise(1.2)
by_energy = pl.when(ratio <= 0.75).then(1.1).when(ratio <= 0.95).then(1.0).when(ratio <= 1).then(0.5).otherwise(0.0)


def verdict(applies: pl.Expr, met: pl.Expr) -> pl.Expr:
    return pl.when(applies).then(met.cast(pl.Int8)).otherwise(pl.lit(2, pl.Int8))


def judge(products: pl.LazyFrame) -> pl.DataFrame:
    return products.with_columns(y=y).select(
        *(verdict(bev, each).alias(no) for no, each in met.items()),
        verdict(phev, electric).alias("R4"),
        pl.when(bev).then(pl.all_horizontal(*met.values()).cast(pl.Int8)).otherwise(verdict(phev, electric)).alias("overall"),
        (amount * by_density * by_energy).alias("subsidy"),
    ).collect()  # fmt: skip
