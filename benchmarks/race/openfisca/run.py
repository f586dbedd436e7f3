"""OpenFisca-Core: a tax and benefit system with one entity, computed on whole columns; its floats have 32 bits."""

import importlib
import importlib.metadata
import inspect

import duckdb
from openfisca_core.indexed_enums import Enum
from openfisca_core.model_api import Variable
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from timing import PEER, ROWS, WORKLOAD, data, measured

rules = importlib.import_module(WORKLOAD)
system = TaxBenefitSystem([rules.Car])
declared = [made for _, made in inspect.getmembers(rules, inspect.isclass) if issubclass(made, Variable) and made is not Variable]
system.add_variables(*declared)
system.load_parameters(str(PEER / f"{WORKLOAD}_parameters"))
columns = duckdb.connect().execute(f"SELECT * EXCLUDE (at_limit, row) FROM '{data()}' WHERE row < {ROWS} ORDER BY row").fetchnumpy()
given = {}
for name, column in columns.items():
    variable = system.variables[name]
    given[name] = variable.possible_values.encode(column.astype(str)) if variable.value_type is Enum else column


def judge():
    simulation = SimulationBuilder().build_default_simulation(system, ROWS)
    for name, column in given.items():
        simulation.set_input(name, rules.PERIOD, column)
    return {name: simulation.calculate(name, rules.PERIOD) for name in rules.OUTPUTS}


measured(f"OpenFisca-Core {importlib.metadata.version('openfisca-core')}", judge, lambda made: made)
