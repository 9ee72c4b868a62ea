"""The best assignment where transportation problems alone do not prove one, and why no better can be."""

from __future__ import annotations

from contextlib import suppress

from . import branch
from .certify import Shown, by_layer, complete, jointly, lacking
from .component import Outcome
from .layered import Layered, Score
from .program import Program, ProgramSizeError, Weights, build, coverage, weigh
from .relax import Relaxed
from .simplex import WorkLimitError
from .values import NotProvenError

_STARTS = 3


def prove(layered: Layered, found: list[tuple[Score, Outcome]], work: int) -> tuple[Outcome, list[Shown]]:
    """Find the best assignment and the sets of nodes that show what it cannot cover.

    Args:
        layered: the component.
        found: assignments already known, the best first; they bound the search and give it its start.
        work: how many entries of tableaus may be touched.

    Raises:
        NotProvenError: if that is not enough, and the solver is missing or fails too.
    """
    component = layered.component
    weights = weigh(component)
    try:
        program = build(component, weights)
    except ProgramSizeError as error:
        raise _not_proven(layered, "what can serve a member at once overlaps in too many ways") from error
    start = _start(program, [outcome for _, outcome in found[:_STARTS]])
    known = (_cost(found[0][0], layered, weights), found[0][1]) if found else None
    try:
        best = branch.solve(component, Relaxed(program, start, [work]), known)
    except WorkLimitError:
        best = _with_solver(layered, program, weights, work)
    uncovered = lacking(component, best)
    return best, complete(layered, _shown(layered, program, start, sum(uncovered), work), uncovered)


def _shown(layered: Layered, program: Program, start: list[int], uncovered: int, work: int) -> list[Shown]:
    if uncovered > layered.deficit:
        nodes = len(layered.component.need)
        with suppress(WorkLimitError):
            prices = Relaxed(coverage(program, nodes), start, [work]).prices
            return jointly(layered, prices[program.nodes : program.nodes + nodes])
    return by_layer(layered)


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


def _with_solver(layered: Layered, program: Program, weights: Weights, work: int) -> Outcome:
    from . import solver

    try:
        return solver.solve(layered.component, program, weights)
    except solver.SolverError as error:
        if isinstance(error.__cause__, ImportError):
            why, step = f"{work:,} steps were not enough", "install the extra 'exact', which brings a solver"
            raise _not_proven(layered, why, step) from error
        raise _not_proven(layered, f"neither {work:,} steps nor the solver HiGHS were enough") from error


def _not_proven(
    layered: Layered, why: str, step: str = "let lots serve fewer different sets of askers"
) -> NotProvenError:
    component = layered.component
    classes = len({number for number, _ in component.places})
    return NotProvenError(
        f"found no proof of the best assignment of {len(component.supply)} lots to {classes} classes of askers"
        f" with {len(component.places)} asks ({why}), expected one; {step}"
    )
