import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocspolicy.day import read_day


@given(st.dates())
def test_every_day_reads_back(day: object) -> None:
    assert read_day(str(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2009-02-29",
        "20090201",
        "2009-W05-6",
        "2009-032",
        "2009-2-1",
        " 2009-02-01",
        "2009-02-01\n",
        "٢٠٠٩-02-01",
        "0000-01-01",
    ],
)
def test_nothing_else_is_a_day(text: str) -> None:
    assert read_day(text) is None
