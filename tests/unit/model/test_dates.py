import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bam.model.dates import covers, first_day, is_date_prefix, last_day


@pytest.mark.parametrize(
    ("prefix", "first", "last"),
    [
        ("2014", dt.date(2014, 1, 1), dt.date(2014, 12, 31)),
        ("2012-02", dt.date(2012, 2, 1), dt.date(2012, 2, 29)),
        ("2014-03-04", dt.date(2014, 3, 4), dt.date(2014, 3, 4)),
    ],
)
def test_a_prefix_stands_for_all_its_days(prefix, first, last):
    assert (first_day(prefix), last_day(prefix)) == (first, last)


@pytest.mark.parametrize("text", ["14", "2014-13", "2014-02-30", "2014-3-4", "4 March 2014", "", None, 2014])
def test_anything_else_is_no_date(text):
    assert not is_date_prefix(text)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_year_covers_month_covers_day(day):
    iso = day.isoformat()
    assert covers(iso[:4], iso[:7])
    assert covers(iso[:7], iso)
    assert first_day(iso) == last_day(iso) == day
