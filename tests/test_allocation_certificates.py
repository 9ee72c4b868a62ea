from __future__ import annotations

import pytest
from allocation_oracle import Problem, only, overlapping, problem, problems
from hypothesis import HealthCheck, given, settings

from ocspolicy.allocation import Certificate


def check(of: Problem) -> None:
    allocation = of.solve()
    told = set[tuple[int, int]]()
    for row in allocation.certificates:
        assert told.isdisjoint(row.asks)
        told |= row.asks
        assert row.layers == tuple(sorted({of.askers[asker].asks[ask].layer for asker, ask in row.asks}))
        assert row.required == sum(of.askers[asker].count for asker, _ in row.asks)
        assert row.lots == tuple(
            sorted(
                {
                    lot
                    for (lot, asker), how in of.serves.items()
                    if of.lots[lot] and of.askers[asker].count and any((asker, ask) in row.asks for ask in how.asks)
                }
            )
        )
        assert row.short == row.required - row.owned >= 0
        assert row.short + row.indivisible > 0
        true = only(of, row.asks)
        assert row.short <= true
        if not row.indivisible:
            assert row.short == true
    lacking = {
        of.askers[asker].asks[ask].layer
        for asker, uncovered in enumerate(allocation.uncovered)
        for ask, units in enumerate(uncovered)
        if units
    }
    assert lacking <= {layer for row in allocation.certificates for layer in row.layers}
    explained = sum(row.short + row.indivisible for row in allocation.certificates)
    assert explained == sum(map(sum, allocation.uncovered))


@given(problems())
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_a_certificate_never_claims_more_than_is_true(of: Problem) -> None:
    check(of)


@pytest.mark.parametrize("seed", range(200, 300))
def test_a_certificate_of_overlapping_units_never_claims_more_than_is_true(seed: int) -> None:
    check(overlapping(seed))


def test_the_smallest_cut_names_only_whom_more_units_would_help() -> None:
    of = problem(
        [(2, [(0, 0)]), (3, [(0, 1)]), (1, [(0, 2)])], [(1, {0: (0,)}), (2, {0: (0,), 1: (0,)}), (9, {2: (0,)})]
    )
    assert of.solve().certificates == (Certificate(frozenset({(0, 0), (1, 0)}), (0, 1), 5, 3, 2, (0,), most=(1, 2)),)


def test_parts_without_a_common_lot_are_shown_apart() -> None:
    of = problem([(2, [(0, 0)]), (2, [(0, 1)]), (4, [(0, 2)])], [(1, {0: (0,)}), (1, {1: (0,)})])
    rows = [(sorted(row.asks), row.lots, row.short) for row in of.solve().certificates]
    assert rows == [([(0, 0)], (0,), 1), ([(1, 0)], (1,), 1), ([(2, 0)], (), 4)]


def test_each_layer_is_shown_alone_where_that_explains_all() -> None:
    of = problem([(5, [(0, 0), (1, 1)])], [(1, {0: (0, 1)}), (2, {0: (0,)})])
    rows = [(row.layers, row.required, row.owned, row.short) for row in of.solve().certificates]
    assert rows == [((0,), 5, 3, 2), ((1,), 5, 1, 4)]


def test_layers_are_shown_together_where_only_that_explains_all() -> None:
    both = [(0, 0), (1, 1)]
    of = problem([(1, both), (1, both)], [(1, {0: (0, 1), 1: (0, 1)}), (1, {0: (0,)}), (1, {1: (1,)})])
    assert of.solve().certificates == (Certificate(frozenset({(0, 1), (1, 0)}), (0,), 2, 1, 1, (0, 1), most=(1,)),)


def test_what_cannot_be_split_is_said_apart() -> None:
    of = problem([(2, [(0, 0), (1, 1), (2, 2)])], [(1, {0: (0, 1)}), (1, {0: (1, 2)}), (1, {0: (0, 2)})])
    (row,) = of.solve().certificates
    assert (row.short, row.indivisible, row.layers) == (0, 1, (2,))


def test_what_cannot_be_split_is_said_of_those_whom_it_concerns() -> None:
    of = problem(
        [(2, [(0, 0), (1, 1), (2, 3)]), (5, [(2, 2)])],
        [(1, {0: (0, 1)}), (1, {0: (1, 2)}), (1, {0: (0, 2)}), (1, {0: (0,), 1: (0,)})],
    )
    rows = [(sorted(row.asks), row.required, row.short, row.indivisible) for row in of.solve().certificates]
    assert rows == [([(1, 0)], 5, 4, 0), ([(0, 2)], 2, 0, 1)]


def test_lots_and_askers_that_were_merged_are_all_named() -> None:
    of = problem(
        [(1, [(0, 0)]), (0, [(0, 0)]), (3, [(0, 0)])],
        [(1, {0: (0,), 2: (0,)}), (0, {0: (0,)}), (1, {0: (0,), 2: (0,)})],
    )
    (row,) = of.solve().certificates
    assert (row.asks, row.lots, row.required, row.owned) == (frozenset({(0, 0), (2, 0)}), (0, 2), 4, 2)
