"""财建〔2018〕18号 as a model of OpenFisca."""

from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.model_api import YEAR, Variable, select, where

Car = build_entity(key="car", plural="cars", label="A car type", is_person=True)
PERIOD = "2019"
OUTPUTS = ("R1", "R2", "R3", "R4", "overall", "subsidy")


class Category(Enum):
    M1 = "passenger car"
    M2 = "bus"
    M3 = "heavy bus"
    N1 = "van"
    N2 = "truck"


class Powertrain(Enum):
    bev = "battery electric"
    phev = "plug-in hybrid"
    ice = "combustion engine"


class category(Variable):
    value_type = Enum
    possible_values = Category
    default_value = Category.M1
    entity = Car
    definition_period = YEAR


class powertrain(Variable):
    value_type = Enum
    possible_values = Powertrain
    default_value = Powertrain.bev
    entity = Car
    definition_period = YEAR


class curb_mass(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR


class consumption(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR


class range(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR


class density(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR


class electric_range(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR


class threshold(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR

    def formula(car, period, parameters):
        mass, slope, base = car("curb_mass", period), parameters(period).threshold.slope, parameters(period).threshold.base
        pieces = [slope.light * mass + base.light, slope.medium * mass + base.medium]
        return select([mass <= 1000, mass <= 1600], pieces, slope.heavy * mass + base.heavy)


class bev(Variable):
    value_type = bool
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return (car("category", period) == Category.M1) * (car("powertrain", period) == Powertrain.bev)


class phev(Variable):
    value_type = bool
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return (car("category", period) == Category.M1) * (car("powertrain", period) == Powertrain.phev)


class R1(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return where(car("bev", period), car("range", period) >= 150, 2)


class R2(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return where(car("bev", period), car("density", period) >= 105, 2)


class R3(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return where(car("bev", period), car("consumption", period) <= car("threshold", period), 2)


class R4(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return where(car("phev", period), car("electric_range", period) >= 50, 2)


class overall(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        all_met = (car("R1", period) == 1) * (car("R2", period) == 1) * (car("R3", period) == 1)
        return where(car("bev", period), all_met, car("R4", period))


class subsidy(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR

    def formula(car, period, parameters):
        amount = parameters(period).amount_by_range.calc(car("range", period))
        by_density = parameters(period).factor_by_density.calc(car("density", period))
        ratio = car("consumption", period) / car("threshold", period)
        by_energy = parameters(period).factor_by_energy.calc(ratio, right=True)
        return amount * by_density * by_energy
