"""GB 36980.1-2025, as one would write it."""

import numpy as np
import pandas as pd


def judge(products: pd.DataFrame) -> pd.DataFrame:
    m = products.curb_mass
    limit = np.select([m <= 1090, m <= 2710], [10.1, 0.00556 * (m - 1780) + 13.92], 19.1)
    applies = (products.category == "M1") & (products.powertrain == "bev") & (products.max_mass <= 3500)
    verdict = np.where(applies, products.consumption <= limit, 2).astype("int8")
    return pd.DataFrame({"R1": verdict, "overall": verdict})
