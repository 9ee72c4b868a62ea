"""What must not change the answer, and what must not improve it."""

from __future__ import annotations

import random

from allocation_oracle import Problem, problems, totals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

slow = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


@given(problems(classes=4, lots=5), st.randoms(use_true_random=False))
@slow
def test_order_changes_no_number(of: Problem, draw: random.Random) -> None:
    askers, lots = list(range(len(of.askers))), list(range(len(of.lots)))
    draw.shuffle(askers)
    draw.shuffle(lots)
    shuffled = Problem(
        [of.askers[old] for old in askers],
        [of.lots[old] for old in lots],
        {(lots.index(lot), askers.index(asker)): how for (lot, asker), how in of.serves.items()},
    )
    assert totals(shuffled, shuffled.solve()) == totals(of, of.solve())


@given(problems(classes=4, lots=5), st.data())
@slow
def test_splitting_a_lot_or_a_class_changes_no_number(of: Problem, data: st.DataObject) -> None:
    lot = data.draw(st.integers(0, len(of.lots) - 1))
    part = data.draw(st.integers(0, of.lots[lot]))
    lots = [*of.lots, part]
    lots[lot] -= part
    serves = of.serves | {(len(of.lots), asker): how for (one, asker), how in of.serves.items() if one == lot}
    number = data.draw(st.integers(0, len(of.askers) - 1))
    members = data.draw(st.integers(0, of.askers[number].count))
    askers = [*of.askers, of.askers[number]._replace(count=members)]
    askers[number] = of.askers[number]._replace(count=of.askers[number].count - members)
    serves |= {(one, len(of.askers)): how for (one, asker), how in serves.items() if asker == number}
    split = Problem(askers, lots, serves)
    assert totals(split, split.solve()) == totals(of, of.solve())


@given(problems(classes=4, lots=5), st.data())
@slow
def test_more_askers_never_lower_and_more_units_never_raise_what_is_uncovered(of: Problem, data: st.DataObject) -> None:
    before = totals(of, of.solve())[0]
    number = data.draw(st.integers(0, len(of.askers) - 1))
    asker = of.askers[number]
    more = of._replace(askers=[*of.askers[:number], asker._replace(count=asker.count + 1), *of.askers[number + 1 :]])
    assert before <= totals(more, more.solve())[0] <= before + len(asker.asks)
    lot = data.draw(st.integers(0, len(of.lots) - 1))
    richer = of._replace(lots=[*of.lots[:lot], of.lots[lot] + 1, *of.lots[lot + 1 :]])
    assert totals(richer, richer.solve())[0] <= before
