"""Who is in which groups, without a set for every person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .look_alike import look_alikes


class LookAlike(NamedTuple):
    """Two people whose identities look alike, each with the groups that the person is in, ascending."""

    first: str
    second: str
    first_groups: tuple[int, ...]
    second_groups: tuple[int, ...]

    @property
    def groups(self) -> tuple[int, ...]:
        """Give the groups that either is in, ascending."""
        return tuple(sorted({*self.first_groups, *self.second_groups}))


class Roll:
    """People merged over groups; what it says does not depend on the order in which they came.

    A person is kept as one number: that of the set of groups met so far. Memory grows with the distinct
    identities only.
    """

    def __init__(self) -> None:
        self._sets: list[frozenset[int]] = [frozenset()]
        self._numbers: dict[frozenset[int], int] = {frozenset(): 0}
        self._people: dict[str, int] = {}
        self._sizes: Counter[int] = Counter()
        self._steps: defaultdict[int, dict[int, int]] = defaultdict(dict)

    def add(self, group: int, identities: Iterable[str]) -> int:
        """Put people into a group, and say how many distinct ones it has now.

        Args:
            group: The group's number.
            identities: Folded identities; one that comes again changes nothing.
        """
        people, steps = self._people, self._steps[group]
        met = 0
        for identity in identities:
            before = people.get(identity, 0)
            after = steps.get(before)
            if after is None:
                after = self._step(before, group)
            if after != before:
                people[identity] = after
                met += 1
        self._sizes[group] += met
        return self._sizes[group]

    def _step(self, before: int, group: int) -> int:
        groups = self._sets[before] | {group}
        number = self._numbers.setdefault(groups, len(self._sets))
        if number == len(self._sets):
            self._sets.append(groups)
        self._steps[group][before] = number
        return number

    def classes(self) -> dict[frozenset[int], int]:
        """Count the people who are in exactly these groups, by the sets that occur, in sorted order."""
        counts = Counter(self._people.values())
        sized = {self._sets[number]: count for number, count in counts.items()}
        return {groups: sized[groups] for groups in sorted(sized, key=sorted)}

    def members(self) -> dict[frozenset[int], tuple[str, ...]]:
        """Name the people who are in exactly these groups, sorted."""
        found: dict[int, list[str]] = {}
        for identity in sorted(self._people):
            found.setdefault(self._people[identity], []).append(identity)
        return {self._sets[number]: tuple(identities) for number, identities in found.items()}

    def look_alikes(self) -> list[LookAlike]:
        """Find different people whose identities look alike, sorted."""
        return [
            LookAlike(first, second, self._groups(first), self._groups(second))
            for first, second in look_alikes(self._people.keys())
        ]

    def _groups(self, identity: str) -> tuple[int, ...]:
        return tuple(sorted(self._sets[self._people[identity]]))
