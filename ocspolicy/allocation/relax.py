"""The relaxation of a program, where whole numbers are not asked for, with only the columns that matter."""

from __future__ import annotations

from collections.abc import Iterable

from .program import Program
from .simplex import MOST_ENTRIES, Tableau, WorkLimitError


class Relaxed:
    """A solved relaxation: `tableau` holds the solution, `number` the column of each of its variables.

    It starts from a few columns and adds those that could improve until none can. Columns that turn out
    useless are left out again while the cost still falls, so the tableau stays small.

    Raises:
        WorkLimitError: if that takes more work than the budget allows, or too much memory.
    """

    def __init__(self, program: Program, start: Iterable[int], budget: list[int]) -> None:
        self.program = program
        self.tableau = Tableau(program.right, program.slack, budget)
        self.number: dict[int, int] = {}
        chosen = sorted(start)
        self.absent = sorted(set(range(len(program.columns))).difference(chosen))
        reached = None
        while True:
            self._add(chosen)
            self.tableau.primal()
            chosen = self._improving()
            if not chosen:
                return
            if self.tableau.entries > MOST_ENTRIES:
                raise WorkLimitError
            value, scale = self.tableau.value, self.tableau.cost_scale
            if reached is None or value * reached[1] < reached[0] * scale:
                reached = value, scale
                self._leave_out()

    @property
    def prices(self) -> list[int]:
        """The price of each row, in units of 1/`tableau.cost_scale`."""
        return [self.tableau.price(row) for row in range(len(self.program.right))]

    def complete(self, below: int | None) -> None:
        """Add all columns, or all that whole solutions that cost less than `below` can use."""
        scale = self.tableau.cost_scale
        gap = None if below is None else (below - 1) * scale - self.tableau.value
        self._add([number for reduced, number in self._reduced() if gap is None or reduced <= gap])

    def values(self, tableau: Tableau) -> dict[int, int]:
        """Read the columns that are not 0 from a whole solution."""
        rows = zip(tableau.basis, tableau.right, tableau.scale, strict=True)
        return {self.number[basic]: right // scale for basic, right, scale in rows if right and basic in self.number}

    def _add(self, chosen: list[int]) -> None:
        for number in chosen:
            column = self.program.columns[number]
            self.number[self.tableau.add_column(column.cost, column.rows, column.minus)] = number

    def _reduced(self) -> list[tuple[int, int]]:
        """List the absent columns with their reduced costs."""
        prices, scale = self.prices, self.tableau.cost_scale
        self.tableau.budget[0] -= len(self.absent)
        reduced = []
        for number in self.absent:
            column = self.program.columns[number]
            cost = column.cost * scale - sum([prices[row] for row in column.rows])
            if column.minus >= 0:
                cost += prices[column.minus]
            reduced.append((cost, number))
        return reduced

    def _improving(self) -> list[int]:
        """Take for each row the absent column that could improve most."""
        best: dict[int, tuple[int, int]] = {}
        for reduced in self._reduced():
            if reduced[0] < 0:
                column = self.program.columns[reduced[1]]
                for row in (*column.rows, column.minus):
                    best[row] = min(best.get(row, reduced), reduced)
        chosen = {number for _, number in best.values()}
        self.absent = [number for number in self.absent if number not in chosen]
        return sorted(chosen)

    def _leave_out(self) -> None:
        gone = [variable for variable, cost in self.tableau.cost.items() if cost > 0 and variable in self.number]
        self.absent += [self.number.pop(variable) for variable in gone]
        self.tableau.remove(gone)
