from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.people import LookAlike, Roll

GROUPS = st.lists(st.tuples(st.integers(0, 4), st.lists(st.sampled_from("abcdefg"), max_size=10)), max_size=8)


def naive(groups: list[tuple[int, list[str]]]) -> dict[frozenset[int], int]:
    everyone = {person for _, people in groups for person in people}
    return dict(Counter(frozenset(number for number, people in groups if person in people) for person in everyone))


def test_a_person_in_two_groups_is_one_person() -> None:
    roll = Roll()
    assert roll.add(0, ["ann", "bob", "ann"]) == 2
    assert roll.add(1, iter(["ann", "eve"])) == 2
    assert roll.classes() == {frozenset({0}): 1, frozenset({0, 1}): 1, frozenset({1}): 1}


def test_a_group_may_be_added_in_parts() -> None:
    roll = Roll()
    roll.add(0, ["ann", "bob"])
    roll.add(1, ["ann"])
    assert roll.add(0, ["ann", "eve"]) == 3
    assert roll.classes() == {frozenset({0}): 2, frozenset({0, 1}): 1}


def test_nobody() -> None:
    roll = Roll()
    assert roll.add(3, []) == 0
    assert roll.classes() == {}
    assert roll.look_alikes() == []


@settings(deadline=None)
@given(GROUPS, st.randoms())
def test_classes_are_those_of_the_definition_in_any_order(groups: list[tuple[int, list[str]]], random: object) -> None:
    expected = naive(groups)
    listings = []
    for _ in range(2):
        roll = Roll()
        for number, people in groups:
            found = roll.add(number, people)
            assert found >= len(set(people))
        for number in {number for number, _ in groups}:
            members = {person for other, people in groups if other == number for person in people}
            assert roll.add(number, ()) == len(members)
        assert roll.classes() == expected
        listings.append(list(roll.classes().items()))
        random.shuffle(groups)  # type: ignore[attr-defined]
    assert listings[0] == listings[1]


def test_many_groups_cost_no_set_for_each_person() -> None:
    roll = Roll()
    people = [f"p{index}" for index in range(2000)]
    for group in range(40):
        roll.add(group, people)
    assert roll.classes() == {frozenset(range(40)): 2000}


def test_look_alikes_say_where_each_is() -> None:
    roll = Roll()
    roll.add(2, ["b\u043eb", "ann"])
    roll.add(0, ["bob", "b\u043eb"])
    roll.add(1, ["bob"])
    found = roll.look_alikes()
    assert found == [LookAlike("bob", "b\u043eb", (0, 1), (0, 2))]
    assert found[0].groups == (0, 1, 2)
