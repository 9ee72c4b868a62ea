"""The one way through the package: from the question to the proved answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from .certify import Shown, by_layer, certificate, complete, jointly, lacking
from .component import Component, Outcome, merge
from .layered import Layered, Score
from .spread import Spread
from .values import Allocation, Asker, NotProvenError, Serves

if TYPE_CHECKING:
    from .program import Program, Weights

WORK = 80_000_000
"""Entries of tableaus that may be touched for one component: some 20 seconds of an ordinary machine."""

_STARTS = 3


def allocate(askers: Sequence[Asker], lots: Sequence[int], serves: Mapping[tuple[int, int], Serves]) -> Allocation:
    """Serve askers from lots so that the fewest asks stay uncovered.

    Among such assignments it takes one with the fewest units used; of these one with the most asks served
    by a unit of their first choice; of these the one that leaves the least uncovered in the first group,
    then in the second and so on. What is still free is decided by the method, for the same input alike.

    Args:
        askers: the classes.
        lots: how many units each lot has; a lot without units, or whom it serves, is ignored.
        serves: for (lot, asker) what one unit of the lot serves of a member; no entry where it is nothing.

    Raises:
        ValueError: if a number is negative or an entry of `serves` contradicts its asker.
        NotProvenError: if the best assignment is not proved within the limit of work.
    """
    merged = merge(askers, lots, serves)
    spread = Spread(merged, askers, len(lots))
    certificates = []
    for component in merged.components:
        outcome, shown = _solve(component)
        spread.add(component, outcome)
        certificates += [certificate(component, merged, part) for part in shown]
    uncovered = tuple(map(tuple, spread.uncovered))
    return Allocation(spread.grants, uncovered, tuple(spread.used), tuple(certificates))


def _solve(component: Component) -> tuple[Outcome, list[Shown]]:
    layered = Layered(component)
    bound = layered.bound()
    found = []
    for score, outcome in layered.assignments():
        if score == bound:
            return outcome, by_layer(layered)
        found.append((score, outcome))
    found.sort(key=lambda pair: pair[0])
    return _search(layered, found)


def _search(layered: Layered, found: list[tuple[Score, Outcome]]) -> tuple[Outcome, list[Shown]]:
    """Prove the best by branch and cut; what is already found bounds the search and gives it its start."""
    from .program import ProgramSizeError, build, coverage, weigh
    from .relax import Relaxed
    from .simplex import WorkLimitError

    component = layered.component
    weights = weigh(component)
    try:
        program = build(component, weights)
    except ProgramSizeError as error:
        raise _not_proven(component, "what can serve a member at once overlaps in too many ways") from error
    start = _start(program, [outcome for _, outcome in found[:_STARTS]])
    known = (_cost(found[0][0], layered, weights), found[0][1]) if found else None
    best = _best(component, program, weights, start, known)
    uncovered = lacking(component, best)
    shown = by_layer(layered)
    if sum(uncovered) > layered.deficit:
        with suppress(WorkLimitError):
            relaxed = Relaxed(coverage(program, len(uncovered)), start, [WORK])
            shown = jointly(layered, relaxed.prices[program.nodes :][: len(uncovered)])
    return best, complete(layered, shown, uncovered)


def _start(program: Program, outcomes: list[Outcome]) -> list[int]:
    """Choose the columns that some assignments use."""
    used = {
        (lot, place)
        for outcome in outcomes
        for lot, row in enumerate(outcome.flows)
        for place, units in enumerate(row)
        if units
    }
    return [
        number
        for number, column in enumerate(program.columns)
        if not used.isdisjoint(column.flows) or (outcomes and column.decides and not column.flows)
    ]


def _cost(score: Score, layered: Layered, weights: Weights) -> int:
    units, not_first = divmod(score.cost, layered.unit)
    groups = zip(layered.ranks, score.groups, strict=True)
    return (
        score.uncovered * weights.uncovered
        + units * weights.unit
        + not_first * weights.not_first
        + sum(weights.group[rank] * left for rank, left in groups)
    )


def _best(
    component: Component,
    program: Program,
    weights: Weights,
    start: list[int],
    known: tuple[int, Outcome] | None,
) -> Outcome:
    from .branch import solve
    from .relax import Relaxed
    from .simplex import WorkLimitError

    with suppress(WorkLimitError):
        return solve(component, Relaxed(program, start, [WORK]), known)
    from .solver import SolverError
    from .solver import solve as with_solver

    try:
        return with_solver(component, program, weights)
    except SolverError as error:
        if isinstance(error.__cause__, ImportError):
            raise _not_proven(
                component, f"{WORK} steps were not enough", "the solver HiGHS; install the extra 'exact'"
            ) from error
        raise _not_proven(component, "neither the own search nor the solver HiGHS came to an end") from error


def _not_proven(component: Component, why: str, expected: str = "") -> NotProvenError:
    classes = len({number for number, _ in component.places})
    size = f"{len(component.supply)} lots and {classes} classes of askers with {len(component.places)} asks"
    expected = expected or "a smaller problem; let lots serve fewer different sets of askers"
    return NotProvenError(f"found no proof of the best assignment of {size}: {why}; expected {expected}")
