from __future__ import annotations

from time import process_time

import pytest
from allocation_oracle import Problem, problem, reached, totals, triangles

from ocspolicy.allocation import Ask, Asker, Grant, Serves, allocate

STANDARD, ENTERPRISE = (0, 0), (1, 1)
ALL = {0: (0,), 1: (0,)}


@pytest.mark.parametrize(
    ("of", "uncovered", "grants"),
    [
        pytest.param(
            problem([(2, [(0, 0)]), (2, [(0, 1)])], [(2, ALL), (2, {1: (0,)})]),
            [(0,), (0,)],
            [(0, 0, 2), (1, 1, 2)],
            id="who-is-free-to-choose-leaves-the-scarce-to-whom-needs-it",
        ),
        pytest.param(
            problem([(2, [(0, 0)]), (2, [(0, 1)])], [(2, {1: (0,)}), (2, ALL)]),
            [(0,), (0,)],
            [(0, 1, 2), (1, 0, 2)],
            id="whatever-the-order",
        ),
        pytest.param(
            problem([(1, [(0, 0)]), (1, [(0, 0)]), (1, [(0, 1)])], [(2, {0: (0,), 1: (0,), 2: (0,)})]),
            [(0,), (0,), (1,)],
            [(0, 0, 1), (0, 1, 1)],
            id="the-last-group-goes-without",
        ),
        pytest.param(
            problem([(1, [STANDARD, ENTERPRISE])], [(1, {0: (0,)}), (1, {0: (1,)}), (1, {0: (0, 1)})]),
            [(0, 0)],
            [(2, 0, 1)],
            id="one-unit-for-both-rather-than-two",
        ),
        pytest.param(
            problem(
                [(1, [STANDARD, ENTERPRISE]), (1, [STANDARD, ENTERPRISE])],
                [(1, {0: (0, 1), 1: (0, 1)}), (1, {1: (0,)}), (1, {0: (1,), 1: (1,)})],
            ),
            [(0, 0), (0, 0)],
            [(0, 0, 1), (1, 1, 1), (2, 1, 1)],
            id="the-suite-to-whom-no-other-lot-serves-both",
        ),
        pytest.param(
            problem(
                [(1, [STANDARD]), (1, [STANDARD, ENTERPRISE])],
                [(1, {0: (0,), 1: (0, 1)}), (1, {1: (0,)}), (1, {1: (1,)})],
            ),
            [(0,), (0, 0)],
            [(0, 0, 1), (1, 1, 1), (2, 1, 1)],
            id="not-the-suite-to-who-needs-both-if-another-has-only-that",
        ),
        pytest.param(
            problem([(2, [(0, 0), (1, 1), (2, 2)])], [(1, {0: (0, 1)}), (1, {0: (1, 2)}), (1, {0: (0, 2)})]),
            [(0, 0, 1)],
            [(0, 0, 1), (1, 0, 1), (2, 0, 1)],
            id="three-overlapping-units-fit-no-two-members",
        ),
        pytest.param(problem([(3, [])], [(1, {})]), [()], [], id="nothing-asked"),
        pytest.param(problem([], [(1, {})]), [], [], id="nobody-asks"),
        pytest.param(problem([(2, [STANDARD])], []), [(2,)], [], id="nothing-owned"),
        pytest.param(problem([(0, [STANDARD])], [(2, {0: (0,)})]), [(0,)], [], id="a-class-without-members"),
        pytest.param(problem([(2, [STANDARD])], [(0, {0: (0,)})]), [(2,)], [], id="a-lot-without-units"),
    ],
)
def test_known_cases(of: Problem, uncovered: list[tuple[int, ...]], grants: list[tuple[int, int, int]]) -> None:
    allocation = of.solve()
    assert allocation.uncovered == tuple(uncovered)
    assert allocation.grants == tuple(Grant(*grant) for grant in grants)
    reached(of, allocation)


def test_a_unit_of_first_choice_goes_to_whom_it_is_one() -> None:
    asks = (Ask(0, 0),)
    serves = {
        (0, 0): Serves((0,), (False,)),
        (0, 1): Serves((0,), (True,)),
        (1, 0): Serves((0,), (True,)),
        (1, 1): Serves((0,), (False,)),
    }
    assert allocate([Asker(1, asks), Asker(1, asks)], [1, 1], serves).grants == (Grant(0, 1, 1), Grant(1, 0, 1))


def test_fewer_units_go_before_first_choice() -> None:
    asks = (Ask(0, 0), Ask(1, 1))
    serves = {
        (0, 0): Serves((0,), (True,)),
        (1, 0): Serves((1,), (True,)),
        (2, 0): Serves((0, 1), (False, False)),
    }
    assert allocate([Asker(1, asks)], [1, 1, 1], serves).grants == (Grant(2, 0, 1),)


def test_equal_askers_are_served_in_input_order() -> None:
    of = problem([(2, [STANDARD]), (3, [STANDARD]), (2, [STANDARD])], [(1, dict.fromkeys(range(3), (0,)))] * 4)
    allocation = of.solve()
    assert allocation.uncovered == ((0,), (1,), (2,))
    assert allocation.used == (1, 1, 1, 1)


@pytest.mark.parametrize(("number", "members"), [(1, 1), (2, 1), (3, 1), (6, 1), (6, 3), (2, 10**9 - 1), (12, 7)])
def test_whole_suites_cover_less_than_halves(number: int, members: int) -> None:
    allocation = triangles(number, members).solve()
    assert sum(map(sum, allocation.uncovered)) == (number + 1) // 2
    assert sum(certificate.indivisible for certificate in allocation.certificates) == number // 2


def test_huge_counts() -> None:
    most = 10**9
    of = problem(
        [(most, [STANDARD, ENTERPRISE])] * 2 + [(most, [STANDARD])],
        [(most, {0: (0, 1), 1: (0, 1), 2: (0,)}), (most, {2: (0,), 1: (0,)}), (most - 1, {1: (1,)})],
    )
    allocation = of.solve()
    assert totals(of, allocation) == (most + 1, 3 * most - 1, ((0, most), (1, 1)))


@pytest.mark.parametrize(
    ("askers", "lots", "serves", "message"),
    [
        ([Asker(-1, ())], [], {}, "negative"),
        ([], [-1], {}, "negative"),
        ([Asker(1, (Ask(0, 0),))], [1], {(0, 0): Serves((1,), (True,))}, "does not have"),
        ([Asker(1, (Ask(0, 0), Ask(0, 0)))], [1], {(0, 0): Serves((0, 1), (True, True))}, "one layer"),
    ],
)
def test_contradictions_are_refused(
    askers: list[Asker], lots: list[int], serves: dict[tuple[int, int], Serves], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(askers, lots, serves)


def test_the_order_of_entries_changes_nothing() -> None:
    of = triangles(3, 2)
    assert of._replace(serves=dict(reversed(of.serves.items()))).solve() == of.solve()


@pytest.mark.parametrize("suites", [False, True])
def test_a_large_dense_problem_takes_seconds(suites: bool) -> None:  # noqa: FBT001 -- a parameter of the table
    size = 200
    askers = [Asker(1 + 7 * i % 50, (Ask(0, 2 * (i % 20)), Ask(1, 2 * (i % 20) + 1))) for i in range(size)]
    kinds = [Serves((0,), (True,)), Serves((1,), (True,)), Serves((0, 1), (False, False))]
    lots = [1 + 11 * lot % 50 for lot in range(size)]
    serves = {
        (lot, i): kinds[lot % (3 if suites else 2)]
        for lot in range(size)
        for i in range(size)
        if (lot * 31 + i * 17) % 7 > 1
    }
    started = process_time()
    of = Problem(askers, lots, serves)
    allocation = of.solve()
    assert process_time() - started < 10
    assert sum(row.short for row in allocation.certificates) == totals(of, allocation)[0] > 0
