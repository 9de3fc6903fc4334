"""Periods: names, borders, neighbours."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bam.model.errors import BamError
from bam.model.periods import Cadence, fits, parse_period, period_of, periods_of

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


@given(DAYS, st.sampled_from(list(Cadence)))
def test_a_period_covers_its_day_and_reads_back(day: dt.date, cadence: Cadence) -> None:
    period = period_of(day, cadence)
    assert period.covers(day)
    assert parse_period(period.name) == period
    assert period.cadence is cadence
    assert period.previous.last_day == period.first_day - dt.timedelta(days=1)


@given(DAYS, st.sampled_from(list(Cadence)), st.integers(-40, 40))
def test_shifting_there_and_back_changes_nothing(day: dt.date, cadence: Cadence, steps: int) -> None:
    period = period_of(day, cadence)
    assert period.shifted(steps).shifted(-steps) == period


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("2014-03", "2014-03-01", "2014-03-31"), ("2014-Q4", "2014-10-01", "2014-12-31"), ("2016", "2016-01-01", "2016-12-31")],
)
def test_borders(name: str, first: str, last: str) -> None:
    period = parse_period(name)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize("name", ["2014-13", "2014-Q5", "March 2014", "", "14-03", "2014-3", "0000"])
def test_what_is_no_period_says_what_to_write(name: str) -> None:
    with pytest.raises(BamError, match=r"is no period. Write a month as 2014-03, a quarter as 2014-Q1 or a year as 2014"):
        parse_period(name)


def test_a_prefix_fits_where_all_its_days_do() -> None:
    assert fits("2014-03", parse_period("2014-Q1"))
    assert not fits("2014", parse_period("2014-Q1"))
    assert [period.name for period in periods_of("2014-03-04")] == ["2014-03", "2014-Q1", "2014"]
    assert [period.name for period in periods_of("2014")] == ["2014"]
