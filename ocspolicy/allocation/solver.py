"""What is too large for this package's own search, given to HiGHS, the optional extra `exact`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .component import Component, Outcome
from .program import Program, Weights, outcome

_MOST_UNITS = 2**40
_MOST_BRANCHES = 200_000
_HALF = 0.5


class SolverError(Exception):
    """The solver is not installed (an ImportError is the cause) or proved nothing."""


def solve(component: Component, program: Program, weights: Weights) -> Outcome:
    """Find the best whole solution, one objective after the other, each then kept as a row.

    The solver calculates with floating-point numbers, so no answer of its is taken as it is: the values are
    rounded, checked in whole numbers against every row, and must reach the solver's own bound. One thread
    and a fixed seed make the answer the same every time.

    Raises:
        SolverError: if the solver is missing, gives up, or its answer does not hold.
    """
    try:
        import highspy  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise SolverError from error
    if sum(program.right) > _MOST_UNITS:
        raise SolverError
    model = _Model(highspy, program)
    values: list[int] = []
    for objective in _objectives(component, program, weights):
        if not values or _total(objective, values):
            values = model.minimize(objective)
        model.keep(objective, _total(objective, values))
    return outcome(
        component, program, {number: value for number, value in enumerate(values[: len(program.columns)]) if value}
    )


def _objectives(component: Component, program: Program, weights: Weights) -> list[dict[int, int]]:
    """List the objectives in their order; the members uncovered at each node are variables after the columns."""
    base = len(program.columns)
    units, not_first = dict[int, int](), dict[int, int]()
    for number, column in enumerate(program.columns):
        units[number], rest = divmod(column.cost, weights.unit)
        not_first[number] = rest // weights.not_first
    nodes = range(len(component.need))
    groups = [{base + node: 1 for node in nodes if component.group[node] == group} for group in sorted(weights.group)]
    return [{base + node: 1 for node in nodes}, units, not_first, *groups]


def _total(objective: dict[int, int], values: list[int]) -> int:
    return sum(units * values[column] for column, units in objective.items())


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep standard output clean of the banner that the solver prints before it takes any option."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)


class _Model:
    def __init__(self, highspy: Any, program: Program) -> None:  # noqa: ANN401 -- an optional module without types
        self.highspy = highspy
        self.columns = [
            dict.fromkeys(column.rows, 1) | ({column.minus: -1} if column.minus >= 0 else {})
            for column in program.columns
        ]
        self.columns += [{row: 1} for row, cost in enumerate(program.slack) if cost]
        self.right = program.right
        self.equal = [bool(cost) for cost in program.slack]
        self.kept: list[tuple[dict[int, int], int]] = []
        with _hushed():
            self.solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("mip_feasibility_tolerance", 1e-9),
            ("primal_feasibility_tolerance", 1e-9),
            ("mip_max_nodes", _MOST_BRANCHES),
        ):
            self.solver.setOptionValue(option, value)
        self._write()

    def _write(self) -> None:
        infinity = self.highspy.kHighsInf
        for right, equal in zip(self.right, self.equal, strict=True):
            self.solver.addRow(right if equal else -infinity, right, 0, [], [])
        size = len(self.columns)
        starts, rows, entries = [], list[int](), list[float]()
        for column in self.columns:
            starts.append(len(rows))
            rows += column
            entries += map(float, column.values())
        zero, free = [0.0] * size, [infinity] * size
        self.solver.addCols(size, zero, zero, free, len(rows), starts, rows, entries)
        whole = int(self.highspy.HighsVarType.kInteger)
        self.solver.changeColsIntegrality(size, list(range(size)), [whole] * size)

    def minimize(self, objective: dict[int, int]) -> list[int]:
        """Find whole values that are the least in one objective."""
        size = len(self.columns)
        self.solver.changeColsCost(size, list(range(size)), [float(objective.get(k, 0)) for k in range(size)])
        self.solver.run()
        if self.solver.getModelStatus() != self.highspy.HighsModelStatus.kOptimal:
            raise SolverError
        values = [round(value) for value in self.solver.getSolution().col_value]
        reached = _total(objective, values)
        if not self._holds(values) or self.solver.getInfo().mip_dual_bound < reached - _HALF:
            raise SolverError
        return values

    def keep(self, objective: dict[int, int], at_most: int) -> None:
        """Let no later solution be worse in an objective."""
        columns = [column for column, units in objective.items() if units]
        entries = [float(objective[column]) for column in columns]
        self.solver.addRow(-self.highspy.kHighsInf, float(at_most), len(columns), columns, entries)
        self.kept.append((objective, at_most))

    def _holds(self, values: list[int]) -> bool:
        left = list(self.right)
        for value, column in zip(values, self.columns, strict=True):
            for row, entry in column.items() if value else ():
                left[row] -= entry * value
        return (
            min(values) >= 0
            and all(rest == 0 if equal else rest >= 0 for rest, equal in zip(left, self.equal, strict=True))
            and all(_total(objective, values) <= most for objective, most in self.kept)
        )
