"""The own search against the optional solver; skipped where that is not installed."""

from __future__ import annotations

import pytest
from allocation_oracle import Problem, estate, overlapping, totals, triangles

from ocspolicy.allocation import NotProvenError, allocate

pytest.importorskip("highspy")


@pytest.mark.parametrize(
    "of",
    [
        *(
            pytest.param(estate(seed, 50, tight), id=f"estate-{seed}-{tight}")
            for seed in range(6)
            for tight in (0.7, 1.1)
        ),
        *(pytest.param(overlapping(seed), id=f"overlapping-{seed}") for seed in range(10)),
        *(pytest.param(triangles(number, 2), id=f"triangles-{number}") for number in range(1, 6)),
    ],
)
def test_the_solver_agrees(of: Problem) -> None:
    assert totals(of, allocate(*of, work=0)) == totals(of, of.solve())


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    allocate(*triangles(2), work=0)
    assert capfd.readouterr() == ("", "")


def test_the_solver_may_not_count_that_far() -> None:
    with pytest.raises(NotProvenError, match="neither 0 steps nor the solver"):
        allocate(*triangles(2, 10**13), work=0)
