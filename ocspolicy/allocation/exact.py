"""The best assignment by branch and cut, where transportation problems alone do not prove one."""

from __future__ import annotations

from .component import Component, Outcome
from .program import Program, outcome
from .simplex import Tableau

PURGE = True
_CUT_ROUNDS = 30
_CUTS_A_ROUND = 12
_IDLE_ROUNDS = 4


class Relaxed:
    """A program whose relaxation is solved."""

    def __init__(self, program: Program, start: list[bool], budget: list[int]) -> None:
        """Solve with the columns of `start`, then with those that could improve, until none can."""
        self.program = program
        self.tableau = Tableau(program.right, program.slack, budget)
        self.column: dict[int, int] = {}
        self.absent = [number for number, used in enumerate(start) if not used]
        self._add([number for number, used in enumerate(start) if used])
        self.tableau.primal()
        best = None
        while chosen := self._improving():
            value = self.tableau.value / self.tableau.cost_scale if 0 else (self.tableau.value, self.tableau.cost_scale)
            if PURGE and (best is None or value[0] * best[1] < best[0] * value[1]):
                best = value
                self._purge()
            self._add(chosen)
            self.tableau.primal()

    def _add(self, numbers: list[int]) -> None:
        for number in numbers:
            self.column[self.tableau.add_column(*self.program.columns[number])] = number

    def _purge(self) -> None:
        gone = [n for n, c in self.tableau.cost.items() if c > 0 and n in self.column]
        for n in gone:
            self.absent.append(self.column.pop(n))
            del self.tableau.cost[n]
        for line in self.tableau.rows:
            for n in gone:
                line.pop(n, 0)

    def _prices(self) -> list[int]:
        return [self.tableau.price(row) for row in range(len(self.program.right))]

    def _reduced(self) -> list[tuple[int, int]]:
        prices, scale = self._prices(), self.tableau.cost_scale
        return [
            (cost * scale - sum([prices[row] for row in rows]) + (prices[minus] if minus >= 0 else 0), number)
            for number in self.absent
            for cost, rows, minus in (self.program.columns[number],)
        ]

    def _improving(self) -> list[int]:
        best: dict[int, tuple[int, int]] = {}
        for reduced, number in self._reduced():
            if reduced < 0:
                _, rows, minus = self.program.columns[number]
                for row in (*rows, minus):
                    if row >= 0 and (row not in best or reduced < best[row][0]):
                        best[row] = reduced, number
        chosen = {number for _, number in best.values()}
        self.absent = [number for number in self.absent if number not in chosen]
        return sorted(chosen)

    def complete(self, below: int | None) -> None:
        """Add the columns that a solution that costs less than `below` can use."""
        gap = None if below is None else (below - 1) * self.tableau.cost_scale - self.tableau.value
        chosen = [number for reduced, number in self._reduced() if gap is None or reduced <= gap]
        self._add(chosen)


def solve(component: Component, program: Program, relaxed: Relaxed, best: tuple[int, Outcome] | None) -> Outcome:
    """Find the best whole solution; `best` is one already known, with its cost.

    Raises:
        WorkLimitError: if that takes more work than the budget allows.
    """
    search = _Search(component, program, relaxed.column, best)
    root = relaxed.tableau
    if _fractional(root):
        relaxed.complete(None if best is None else best[0])
        _cut(root)
    search.run(root)
    assert search.outcome is not None  # noqa: S101 -- the program always has a solution: nobody is served
    return search.outcome


class _Search:
    def __init__(self, component, program, column, best):
        self.component, self.program, self.column = component, program, column
        self.cost, self.outcome = best or (None, None)
        self.nodes = 0

    def run(self, root: Tableau) -> None:
        waiting = [root]
        while waiting:
            tableau = waiting.pop()
            self.nodes += 1
            if not tableau.dual() or not self._promising(tableau):
                continue
            row = self._branching(tableau)
            if row < 0:
                self._keep(tableau)
                continue
            scale, right = tableau.scale[row], tableau.right[row]
            below, rest = divmod(right, scale)
            other = tableau.copy()
            upper_first = 2 * rest >= scale
            other.limit(row, below if upper_first else below + 1, 1 if upper_first else -1)
            tableau.limit(row, below + 1 if upper_first else below, -1 if upper_first else 1)
            waiting += [other, tableau]

    def _promising(self, tableau: Tableau) -> bool:
        if self.cost is None:
            return True
        gap = self.cost * tableau.cost_scale - tableau.value
        if gap < tableau.cost_scale:
            return False
        tableau.drop(gap - tableau.cost_scale + 1)
        return True

    def _branching(self, tableau: Tableau) -> int:
        """Choose the most fractional row, a pattern's before any other; -1 when all are whole."""
        best, chosen = (False, 0.0), -1
        meaning = self.program.meaning
        for row in _fractional(tableau):
            number = self.column.get(tableau.basis[row], -1)
            part = tableau.right[row] % tableau.scale[row] / tableau.scale[row]
            rank = (number >= 0 and len(self.program.columns[number].rows) > 2, min(part, 1 - part))
            if chosen < 0 or rank > best:
                best, chosen = rank, row
        return chosen

    def _keep(self, tableau: Tableau) -> None:
        values = [0] * len(self.program.columns)
        for basic, right, scale in zip(tableau.basis, tableau.right, tableau.scale, strict=True):
            if basic in self.column:
                values[self.column[basic]] = right // scale
        self.cost = tableau.value // tableau.cost_scale
        self.outcome = outcome(self.component, self.program, values)


def _fractional(tableau: Tableau) -> list[int]:
    return [
        row
        for row, (right, scale) in enumerate(zip(tableau.right, tableau.scale, strict=True))
        if scale != 1 and right % scale
    ]


def _cut(tableau: Tableau) -> None:
    """Cut off fractional solutions (Gomory's cuts) while that raises the bound."""
    added, idle = tableau.size, 0
    for _ in range(_CUT_ROUNDS):
        rows = _fractional(tableau)
        if not rows or idle == _IDLE_ROUNDS:
            return
        before = tableau.value, tableau.cost_scale
        for row in sorted(rows, key=lambda row: (len(tableau.rows[row]), row))[:_CUTS_A_ROUND]:
            scale = tableau.scale[row]
            entries = {number: -(entry % scale) for number, entry in tableau.rows[row].items()}
            tableau.add_row(entries, scale, -(tableau.right[row] % scale))
        tableau.dual()
        tableau.forget(added)
        idle = 0 if tableau.value * before[1] > before[0] * tableau.cost_scale else idle + 1
