"""Against brute force; what is proved without a solver; and what is too large to be."""

from __future__ import annotations

import pytest
from allocation_oracle import Problem, best, estate, overlapping, problems, reached, totals
from hypothesis import HealthCheck, given, settings

from ocspolicy.allocation import Ask, Asker, NotProvenError, Serves, allocate

slow = settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])


@given(problems())
@slow
def test_no_assignment_is_better(of: Problem) -> None:
    assert reached(of, of.solve()) == best(of)


@given(problems(classes=2, lots=5, layers=2))
@slow
def test_no_assignment_of_two_layers_is_better(of: Problem) -> None:
    assert reached(of, of.solve()) == best(of)


@pytest.mark.parametrize("seed", range(120))
def test_no_assignment_of_overlapping_units_is_better(seed: int) -> None:
    of = overlapping(seed)
    assert reached(of, of.solve()) == best(of)


@pytest.mark.parametrize("seed", range(60))
def test_overlapping_units_can_be_handed_out_as_granted(seed: int) -> None:
    of = overlapping(seed, members=5)
    reached(of, of.solve())


@pytest.mark.parametrize("seed", range(12))
def test_an_ordinary_estate_is_proved_without_a_solver(seed: int) -> None:
    of = estate(seed, 50)
    allocation = of.solve()
    uncovered, _, _ = totals(of, allocation)
    assert sum(row.short + row.indivisible for row in allocation.certificates) == uncovered


def test_a_limit_of_work_is_an_answer_too() -> None:
    try:
        import highspy  # noqa: F401 -- whether it is there decides what must happen
    except ImportError:
        with pytest.raises(NotProvenError, match=r"100 steps were not enough\), expected one; install the extra"):
            allocate(*estate(1, 50, 0.7), work=100)
    else:
        of = estate(1, 50, 0.7)
        assert totals(of, allocate(*of, work=100)) == totals(of, of.solve())


def test_too_many_overlaps_are_refused() -> None:
    asks = tuple(Ask(layer, layer) for layer in range(8))
    kinds = [tuple(ask for ask in range(8) if kind >> ask & 1) for kind in range(1, 256)]
    serves = {(lot, 0): Serves(kind, (True,) * len(kind)) for lot, kind in enumerate(kinds)}
    with pytest.raises(NotProvenError, match="overlaps in too many ways"):
        allocate([Asker(100, asks), Asker(1, asks)], [1] * 255, serves | {(0, 1): Serves((0,), (True,))})
