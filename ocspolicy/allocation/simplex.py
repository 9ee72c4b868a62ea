"""Linear programs solved exactly, in whole numbers.

A tableau of sparse rows. Each row is kept as whole numbers without a common divisor, in which the basic
variable counts `scale`; in the programs met here nearly every scale and entry stays 1 or -1, so exactness
costs nothing. Rows can be added to a solved tableau (branches and cuts), which the dual method then repairs,
and columns can be added later, computed from those of the slack variables.
"""

from __future__ import annotations

from math import gcd

MOST_ENTRIES = 4_000_000
"""The limit of memory: entries that tableaus may have at a time, some 400 MB."""

_STALL = 60


class WorkLimitError(Exception):
    """More entries were touched, or are held, than was allowed."""


class Tableau:
    """Minimize cost over variables that are not negative; the slack variables form the first basis.

    Variables are numbered: first the slack variable of each row, then each variable in the order in which it
    was added. `budget` is a shared counter of work, a list of one number that is counted down.
    """

    def __init__(self, right: list[int], slack: list[int], budget: list[int]) -> None:
        self.rows: list[dict[int, int]] = [{} for _ in right]
        self.scale = [1] * len(right)
        self.right = list(right)
        self.basis = list(range(len(right)))
        self.slack = slack
        self.cost: dict[int, int] = {}
        self.cost_scale = 1
        self.value = sum(cost * units for cost, units in zip(slack, right, strict=True))
        self.size = len(right)
        self.budget = budget

    def copy(self) -> Tableau:
        """Give a tableau that can go another way; it shares the budget."""
        other = Tableau.__new__(Tableau)
        other.__dict__.update(self.__dict__)
        other.rows = [dict(row) for row in self.rows]
        other.scale, other.right, other.basis = self.scale[:], self.right[:], self.basis[:]
        other.cost = dict(self.cost)
        self.budget[0] -= self.entries
        return other

    def price(self, row: int) -> int:
        """Give the price of a first row, in units of `1/cost_scale`."""
        return self.slack[row] * self.cost_scale - self.cost.get(row, 0)

    def add_column(self, cost: int, rows: tuple[int, ...], minus: int) -> int:
        """Add a variable that counts 1 in some first rows and -1 in one of them; return its number."""
        number, self.size = self.size, self.size + 1
        signs = [(row, 1) for row in rows] + ([(minus, -1)] if minus >= 0 else [])
        self.cost[number] = cost * self.cost_scale - sum(sign * self.price(row) for row, sign in signs)
        for entries, scale, basic in zip(self.rows, self.scale, self.basis, strict=True):
            entry = 0
            for row, sign in signs:
                entry += sign * (scale if row == basic else entries.get(row, 0))
            if entry:
                entries[number] = entry
        self.budget[0] -= len(self.rows)
        return number

    def add_row(self, entries: dict[int, int], scale: int, right: int) -> None:
        """Add a row over nonbasic variables: sum of entries + scale times a new slack variable = right."""
        divisor = gcd(scale, right, *entries.values())
        self.rows.append({number: entry // divisor for number, entry in entries.items() if entry})
        self.scale.append(scale // divisor)
        self.right.append(right // divisor)
        self.basis.append(self.size)
        self.size += 1

    def limit(self, row: int, bound: int, sign: int) -> None:
        """Keep the basic variable of a row at most `bound` (sign 1) or at least (sign -1)."""
        entries, scale = self.rows[row], self.scale[row]
        self.add_row(
            {number: -sign * entry for number, entry in entries.items()},
            scale,
            sign * (bound * scale - self.right[row]),
        )

    @property
    def entries(self) -> int:
        """How many entries the rows have."""
        return sum(map(len, self.rows))

    def remove(self, variables: list[int]) -> None:
        """Take out nonbasic variables: they stay 0."""
        for variable in variables:
            del self.cost[variable]
        for line in self.rows:
            for variable in variables:
                line.pop(variable, 0)

    def forget(self, added: int) -> None:
        """Forget rows that do not bind: their basic variables are slack variables from number `added` on."""
        keep = [row for row, basic in enumerate(self.basis) if basic < added]
        self.rows = [self.rows[row] for row in keep]
        self.scale = [self.scale[row] for row in keep]
        self.right = [self.right[row] for row in keep]
        self.basis = [self.basis[row] for row in keep]

    def primal(self) -> None:
        """Go from a feasible basis to the best (Dantzig's rule; Bland's while it stalls)."""
        stalled = 0
        while True:
            if stalled < _STALL:
                entering = min(self.cost, key=self.cost.__getitem__, default=-1)
            else:
                entering = min((number for number, cost in self.cost.items() if cost < 0), default=-1)
            if entering < 0 or self.cost[entering] >= 0:
                return
            best = -1
            for row, entries in enumerate(self.rows):
                entry = entries.get(entering, 0)
                if entry > 0:
                    if best >= 0:
                        order = self.right[row] * self.rows[best][entering] - self.right[best] * entry
                        if order > 0 or (order == 0 and self.basis[row] > self.basis[best]):
                            continue
                    best = row
            stalled = 0 if self.right[best] else stalled + 1
            self.pivot(best, entering)

    def dual(self) -> bool:
        """Repair negative right sides, keeping the costs best; False when there is no solution."""
        stalled = 0
        while True:
            short = [row for row, right in enumerate(self.right) if right < 0]
            if not short:
                return True
            row = min(short, key=(self.right if stalled < _STALL else self.basis).__getitem__)
            entries = self.rows[row]
            entering, top, bottom = -1, 0, 1
            for number in sorted(number for number, entry in entries.items() if entry < 0):
                cost, entry = self.cost.get(number, 0), -entries[number]
                if entering < 0 or cost * bottom < top * entry:
                    entering, top, bottom = number, cost, entry
            if entering < 0:
                return False
            stalled = 0 if top else stalled + 1
            self.pivot(row, entering)

    def pivot(self, row: int, entering: int) -> None:
        """Let a variable enter the basis in a row."""
        entries = self.rows[row]
        lead = entries.pop(entering)
        entries[self.basis[row]] = self.scale[row]
        self.basis[row] = entering
        if lead < 0:
            lead = -lead
            self.right[row] = -self.right[row]
            for number in entries:
                entries[number] = -entries[number]
        self.scale[row] = lead
        items = list(entries.items())
        right = self.right[row]
        touched = 0
        for other, line in enumerate(self.rows):
            factor = line.pop(entering, 0)
            if not factor:
                continue
            touched += 1
            if lead != 1:
                common = gcd(lead, factor)
                self._stretch(other, lead // common)
                factor //= common
            for number, entry in items:
                changed = line.get(number, 0) - factor * entry
                if changed:
                    line[number] = changed
                else:
                    del line[number]
            self.right[other] -= factor * right
            if self.scale[other] != 1:
                self._shrink(other)
        self.budget[0] -= (touched + 1) * (len(items) + 4) + len(self.rows)
        if self.budget[0] < 0:
            raise WorkLimitError
        self._pivot_cost(entering, lead, items, right)

    def _pivot_cost(self, entering: int, lead: int, items: list[tuple[int, int]], right: int) -> None:
        factor = self.cost.pop(entering, 0)
        if not factor:
            return
        cost = self.cost
        if lead != 1:
            common = gcd(lead, factor)
            factor //= common
            stretch = lead // common
            if stretch != 1:
                self.cost_scale *= stretch
                self.value *= stretch
                for number in cost:
                    cost[number] *= stretch
        for number, entry in items:
            cost[number] = cost.get(number, 0) - factor * entry
        self.value += factor * right
        if lead != 1:
            self._shrink_cost()

    def _shrink_cost(self) -> None:
        divisor = gcd(self.cost_scale, self.value)
        for entry in self.cost.values():
            if divisor == 1:
                return
            divisor = gcd(divisor, entry)
        if divisor > 1:
            for number in self.cost:
                self.cost[number] //= divisor
            self.cost_scale //= divisor
            self.value //= divisor

    def _stretch(self, row: int, factor: int) -> None:
        if factor != 1:
            line = self.rows[row]
            for number in line:
                line[number] *= factor
            self.scale[row] *= factor
            self.right[row] *= factor

    def _shrink(self, row: int) -> None:
        line = self.rows[row]
        divisor = gcd(self.scale[row], self.right[row])
        for entry in line.values():
            if divisor == 1:
                return
            divisor = gcd(divisor, entry)
        if divisor > 1:
            for number in line:
                line[number] //= divisor
            self.scale[row] //= divisor
            self.right[row] //= divisor
