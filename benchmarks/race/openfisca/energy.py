"""GB 36980.1-2025 as a model of OpenFisca."""

from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.model_api import YEAR, Variable, select, where

Car = build_entity(key="car", plural="cars", label="A car type", is_person=True)
PERIOD = "2026"
OUTPUTS = ("R1", "overall")


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


class max_mass(Variable):
    value_type = float
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


class limit(Variable):
    value_type = float
    entity = Car
    definition_period = YEAR

    def formula(car, period, parameters):
        mass, limit = car("curb_mass", period), parameters(period).limit
        middle = limit.slope * (mass - limit.reference_mass) + limit.reference_limit
        return select([mass <= 1090, mass <= 2710], [limit.light, middle], limit.heavy)


class applies(Variable):
    value_type = bool
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        is_electric_car = (car("category", period) == Category.M1) * (car("powertrain", period) == Powertrain.bev)
        return is_electric_car * (car("max_mass", period) <= 3500)


class R1(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return where(car("applies", period), car("consumption", period) <= car("limit", period), 2)


class overall(Variable):
    value_type = int
    entity = Car
    definition_period = YEAR

    def formula(car, period):
        return car("R1", period)
