"""Exact assignment: who gets which units so that the fewest asks stay uncovered, with the proof.

The problem is that of transportation, except that a unit may serve several asks of one member at once; then
it is an integer program, hard in general, with a real gap between what fractions and whole units can do.
The method, by the size of the doubt:

1. Equal lots and askers are merged, unconnected parts solved apart (`component`).
2. Each layer alone is a transportation problem, exact and fast (`flow`); the layers' sum is a bound and
   their flows, one after the other, are assignments (`layered`). Where the two meet, that is the proof.
3. Where they do not (`prove`), the part is written as an integer program over classes (`program`), its
   relaxation solved in whole numbers, never rounded, with few columns (`relax`, `simplex`), then cut and
   branched (`branch`). Work is counted, not timed: whether there is an answer does not depend on the machine.
4. Beyond the limit of work the extra `exact` takes over if it is installed (`solver`).

Every shortage carries certificates (`certify`): the minimum cuts of the layers where they explain all that
is uncovered, else sets of several layers from the prices of the relaxed problem.
"""

from .engine import allocate
from .values import Allocation, Ask, Asker, Certificate, Grant, NotProvenError, Serves, Table

__all__ = ["Allocation", "Ask", "Asker", "Certificate", "Grant", "NotProvenError", "Serves", "Table", "allocate"]
