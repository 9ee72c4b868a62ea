"""The exact linear programs and the search on top of them, each against what proves it."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pytest
from allocation_oracle import Problem, overlapping, totals, triangles
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.allocation import branch
from ocspolicy.allocation.simplex import Tableau


class Linear(NamedTuple):
    """Minimize cost; each row and its slack variable add up to the right side."""

    right: list[int]
    slack: list[int]
    columns: list[tuple[int, tuple[int, ...], int]]

    def solved(self, later: int = 0) -> Tableau:
        """Solve it; the last columns only come when the others are solved."""
        tableau = Tableau(self.right, self.slack, [10**6])
        for column in self.columns[: len(self.columns) - later]:
            tableau.add_column(*column)
        tableau.primal()
        for column in self.columns[len(self.columns) - later :]:
            tableau.add_column(*column)
        tableau.primal()
        return tableau

    def used(self, values: tuple[int, ...], row: int) -> int:
        signs = [(row in rows) - (row == minus) for _, rows, minus in self.columns]
        return sum(sign * value for sign, value in zip(signs, values, strict=True))

    def whole(self) -> int:
        """The least cost in whole numbers, by trying all."""
        most = sum(self.right) if any(minus >= 0 for _, _, minus in self.columns) else max(self.right)
        tries = product(range(most + 1), repeat=len(self.columns))
        costs = []
        for values in tries:
            left = [right - self.used(values, row) for row, right in enumerate(self.right)]
            if min(left) >= 0:
                slack = sum(cost * units for cost, units in zip(self.slack, left, strict=True))
                costs.append(slack + sum(column[0] * value for column, value in zip(self.columns, values, strict=True)))
        return min(costs)


@st.composite
def programs(draw: st.DrawFn, most: int = 9, size: int = 5, height: int = 4) -> Linear:
    rows = draw(st.integers(2, height))
    columns = []
    for _ in range(draw(st.integers(1, size))):
        members = draw(st.sets(st.integers(0, rows - 1), min_size=1))
        minus = draw(st.sampled_from([-1, *(row for row in range(rows) if row not in members)]))
        columns.append((draw(st.integers(0, 9)), tuple(sorted(members)), minus))
    right = draw(st.lists(st.integers(0, most), min_size=rows, max_size=rows))
    return Linear(right, draw(st.lists(st.integers(0, 20), min_size=rows, max_size=rows)), columns)


@given(programs(), st.integers(0, 3))
@settings(deadline=None, max_examples=200)
def test_prices_prove_the_solution(of: Linear, later: int) -> None:
    tableau = of.solved(min(later, len(of.columns)))
    scale = tableau.cost_scale
    prices = [tableau.price(row) for row in range(len(of.right))]
    assert all(price <= cost * scale for price, cost in zip(prices, of.slack, strict=True))
    for cost, rows, minus in of.columns:
        assert sum(prices[row] for row in rows) - (prices[minus] if minus >= 0 else 0) <= cost * scale
    assert tableau.value == sum(price * right for price, right in zip(prices, of.right, strict=True))
    assert min(tableau.right) >= 0


@st.composite
def odd(draw: st.DrawFn) -> Linear:
    """Pairs out of three or four, worth more than they cost: halves do better where numbers are odd."""
    rows = draw(st.integers(3, 4))
    pairs = draw(st.permutations([(a, b) for b in range(rows) for a in range(b)]))[:4]
    right = draw(st.lists(st.integers(1, 2), min_size=rows, max_size=rows))
    slack = draw(st.lists(st.integers(5, 20), min_size=rows, max_size=rows))
    return Linear(right, slack, [(draw(st.integers(0, 5)), pair, -1) for pair in pairs])


def least(tableau: Tableau, cuts: bool) -> int | None:  # noqa: FBT001 -- one of two ways to whole numbers
    """The least whole cost by branching alone, or after a cut of every fractional row."""
    if not tableau.dual():
        return None
    if cuts:
        for row in branch.fractional(tableau):
            scale = tableau.scale[row]
            entries = {variable: -(entry % scale) for variable, entry in tableau.rows[row].items()}
            tableau.add_row(entries, scale, -(tableau.right[row] % scale))
        assert tableau.dual()
    for row in branch.fractional(tableau):
        below, other = tableau.right[row] // tableau.scale[row], tableau.copy()
        tableau.limit(row, below, 1)
        other.limit(row, below + 1, -1)
        found = [cost for cost in (least(tableau, cuts=False), least(other, cuts=False)) if cost is not None]
        return min(found, default=None)
    return tableau.value // tableau.cost_scale


@given(programs(most=2, size=4, height=3) | odd(), st.booleans())
@settings(deadline=None, max_examples=200)
def test_branches_and_cuts_lose_no_whole_solution(of: Linear, cuts: bool) -> None:  # noqa: FBT001 -- a drawn value
    assert least(of.solved(), cuts) == of.whole()


@pytest.mark.parametrize(
    "of",
    [
        *(
            pytest.param(triangles(number, members), id=f"{number}x{members}")
            for number in (1, 2, 3)
            for members in (1, 2, 7)
        ),
        *(pytest.param(overlapping(seed), id=f"overlapping-{seed}") for seed in range(40)),
    ],
)
@pytest.mark.parametrize("rounds", [0, 1])
def test_the_search_does_not_need_the_cuts(of: Problem, rounds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = totals(of, of.solve())
    monkeypatch.setattr(branch, "_CUT_ROUNDS", rounds)
    assert totals(of, of.solve()) == expected
