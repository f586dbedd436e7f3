"""财建〔2018〕18号, as one would write it."""

import numpy as np
import pandas as pd


def judge(products: pd.DataFrame) -> pd.DataFrame:
    m = products.curb_mass
    y = np.select([m <= 1000, m <= 1600], [0.0126 * m + 0.45, 0.0108 * m + 2.25], 0.0045 * m + 12.33)
    bev = (products.category == "M1") & (products.powertrain == "bev")
    phev = (products.category == "M1") & (products.powertrain == "phev")
    met = {"R1": products.range >= 150, "R2": products.density >= 105, "R3": products.consumption <= y}
    judged = {no: np.where(bev, each, 2).astype("int8") for no, each in met.items()}
    judged["R4"] = np.where(phev, products.electric_range >= 50, 2).astype("int8")
    judged["overall"] = np.where(bev, met["R1"] & met["R2"] & met["R3"], judged["R4"]).astype("int8")
    amount = pd.cut(products.range, [0, 150, 200, 250, 300, 400, np.inf], right=False, labels=[0, 1.5, 2.4, 3.4, 4.5, 5]).astype(float)
    by_density = pd.cut(products.density, [0, 105, 120, 140, 160, np.inf], right=False, labels=[0, 0.6, 1, 1.1, 1.2]).astype(float)
    by_energy = pd.cut(products.consumption / y, [0, 0.75, 0.95, 1, np.inf], labels=[1.1, 1, 0.5, 0]).astype(float)
    return pd.DataFrame({**judged, "subsidy": amount * by_density * by_energy})
