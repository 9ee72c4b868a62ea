"""The best whole solution of a program, by branch and cut."""

from __future__ import annotations

from .component import Component, Outcome
from .program import outcome
from .relax import Relaxed
from .simplex import MOST_ENTRIES, Tableau, WorkLimitError

_CUT_ROUNDS = 30
_CUTS_A_ROUND = 12
_IDLE_ROUNDS = 4


def solve(component: Component, relaxed: Relaxed, known: tuple[int, Outcome] | None) -> Outcome:
    """Find the best whole solution.

    Args:
        component: what is to be served.
        relaxed: its relaxation; it is used up.
        known: a solution that is already known, with its cost.

    Raises:
        WorkLimitError: if that takes more work than the budget allows, or too much memory.
    """
    root = relaxed.tableau
    if fractional(root):
        relaxed.complete(known[0] if known else None)
        _cut(root)
    search = _Search(component, relaxed, known)
    return search.run(root)


def fractional(tableau: Tableau) -> list[int]:
    """List the rows whose basic variables are not whole."""
    rows = enumerate(zip(tableau.right, tableau.scale, strict=True))
    return [row for row, (right, scale) in rows if right % scale]


def _cut(tableau: Tableau) -> None:
    """Cut off fractional solutions (Gomory's cuts) while that raises the bound."""
    added, idle = tableau.size, 0
    for _ in range(_CUT_ROUNDS):
        rows = fractional(tableau)
        if not rows or idle == _IDLE_ROUNDS:
            return
        value, cost_scale = tableau.value, tableau.cost_scale
        for row in sorted(rows, key=lambda row: (len(tableau.rows[row]), row))[:_CUTS_A_ROUND]:
            scale = tableau.scale[row]
            entries = {variable: -(entry % scale) for variable, entry in tableau.rows[row].items()}
            tableau.add_row(entries, scale, -(tableau.right[row] % scale))
        tableau.dual()
        tableau.forget(added)
        idle = 0 if tableau.value * cost_scale > value * tableau.cost_scale else idle + 1


class _Search:
    def __init__(self, component: Component, relaxed: Relaxed, known: tuple[int, Outcome] | None) -> None:
        self.component = component
        self.relaxed = relaxed
        self.best = known

    def run(self, root: Tableau) -> Outcome:
        """Look depth first, on the nearer side first, and only where something better can be."""
        waiting = [root]
        while waiting:
            tableau = waiting.pop()
            if not tableau.dual() or not self._promising(tableau):
                continue
            row = self._branching(tableau)
            if row < 0:
                found = outcome(self.component, self.relaxed.program, self.relaxed.values(tableau))
                self.best = tableau.value // tableau.cost_scale, found
                continue
            below, rest = divmod(tableau.right[row], tableau.scale[row])
            other = tableau.copy()
            tableau.limit(row, below, 1)
            other.limit(row, below + 1, -1)
            waiting += [tableau, other] if 2 * rest >= tableau.scale[row] else [other, tableau]
            if sum(one.entries for one in waiting) > MOST_ENTRIES:
                raise WorkLimitError
        assert self.best is not None  # noqa: S101 -- a program always has a solution: nobody is served
        return self.best[1]

    def _promising(self, tableau: Tableau) -> bool:
        """Tell whether anything better can be here; forget the variables that would have to stay 0."""
        if self.best is None:
            return True
        gap = (self.best[0] - 1) * tableau.cost_scale - tableau.value
        if gap >= 0:
            tableau.remove([variable for variable, cost in tableau.cost.items() if cost > gap])
        return gap >= 0

    def _branching(self, tableau: Tableau) -> int:
        """Choose the row that is furthest from whole, a pattern's before any other; -1 when all are whole."""
        columns, numbers = self.relaxed.program.columns, self.relaxed.number

        def rank(row: int) -> tuple[bool, float, int]:
            number = numbers.get(tableau.basis[row], -1)
            part = tableau.right[row] % tableau.scale[row] / tableau.scale[row]
            return number >= 0 and columns[number].decides, min(part, 1 - part), -row

        return max(fractional(tableau), key=rank, default=-1)
