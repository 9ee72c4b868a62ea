"""The one way through the package: from the question to the proved answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .certify import Shown, by_layer, certificate
from .component import Component, Outcome, merge
from .layered import Layered
from .spread import Spread
from .values import Allocation, Asker, Serves, Table

WORK = 80_000_000
"""The limit of work of one component: some 20 seconds of an ordinary machine."""


def allocate(
    askers: Sequence[Asker],
    lots: Sequence[int],
    serves: Table | Mapping[tuple[int, int], Serves],
    work: int = WORK,
) -> Allocation:
    """Serve askers from lots so that the fewest asks stay uncovered.

    Among such assignments it takes one with the fewest units used; of these one with the most asks served
    by a unit of their first choice; of these the one that leaves the least uncovered in the first group,
    then in the second and so on. What is still free is decided by the method, for the same input alike.

    Args:
        askers: the classes.
        lots: how many units each lot has; a lot without units, or whom it serves, is ignored.
        serves: what one unit of a lot serves of a member; a mapping has it for (lot, asker), no entry where it is
            nothing.
        work: how many entries of tableaus may be touched for one component before it is given up.

    Raises:
        ValueError: if a number is negative or an entry of `serves` contradicts its asker.
        NotProvenError: if the best assignment is not proved within the limit of work.
    """
    table = serves if isinstance(serves, Table) else Table.of(len(lots), len(askers), serves)
    merged = merge(askers, lots, table)
    spread = Spread(merged, askers, len(lots))
    certificates = []
    for component in merged.components:
        outcome, shown = _solve(component, work)
        spread.add(component, outcome)
        certificates += [certificate(component, merged, part) for part in shown]
    uncovered = tuple(map(tuple, spread.uncovered))
    return Allocation(spread.grants, uncovered, tuple(spread.used), tuple(certificates))


def _solve(component: Component, work: int) -> tuple[Outcome, list[Shown]]:
    layered = Layered(component)
    bound = layered.bound()
    found = []
    for score, outcome in layered.assignments():
        if score == bound:
            return outcome, by_layer(layered)
        found.append((score, outcome))
    found.sort(key=lambda pair: pair[0])
    from .prove import prove

    return prove(layered, found, work)
