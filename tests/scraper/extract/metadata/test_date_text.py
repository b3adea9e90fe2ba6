"""Dates as they are written in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.metadata.dates.date_text import is_ambiguous, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2031-04-05", "2031-04-05"),
        ("2031-04-05T07:05:09.123Z", "2031-04-05T07:05:09+00:00"),
        ("2031-04-05 07:05 +0200", "2031-04-05T07:05:00+02:00"),
        ("20310405", "2031-04-05"),
        ("Sat, 05 Apr 2031 07:05:09 GMT", "2031-04-05T07:05:09+00:00"),
        ("Sat Apr 5 07:05:09 CEST 2031", "2031-04-05T07:05:09+02:00"),
        ("April 5th, 2031 at 7:05 pm", "2031-04-05T19:05:00"),
        ("5 April 2031", "2031-04-05"),
        ("April 5, 20317:05 AM UTC", "2031-04-05T07:05:00+00:00"),
        ("Samstag, 5. April 2031, 07:05 Uhr", "2031-04-05T07:05:00"),
        ("05.04.2031", "2031-04-05"),
        ("le 5 février 2031", "2031-02-05"),
        ("5 de abril de 2031", "2031-04-05"),
        ("5 aprile 2031", "2031-04-05"),
        ("5. huhtikuuta 2031", "2031-04-05"),
        ("5 kwietnia 2031", "2031-04-05"),
        ("5 апреля 2031", "2031-04-05"),
        ("5 Απριλίου 2031", "2031-04-05"),
        ("5 Nisan 2031", "2031-04-05"),
        ("2031年4月5日 7:05", "2031-04-05T07:05:00"),
        ("2031년 4월 5일", "2031-04-05"),
        ("2031. 4. 5.", "2031-04-05"),
        ("5 เมษายน 2574", "2031-04-05"),
        ("٥ أبريل ٢٠٣١", "2031-04-05"),
        ("5 نيسان / أبريل 2031", "2031-04-05"),
        ("5. travnja/april, 2031", "2031-04-05"),
        (1_933_133_109, "2031-04-05T05:25:09+00:00"),
        (1_933_133_109_000, "2031-04-05T05:25:09+00:00"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(text: object, iso: str) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    "text", ["", "May 2031", "room 12.34.5678", "2031-02-31", "31/31/2031", "1.2", None, True, []]
)
def test_what_is_no_date_gives_none(text: object) -> None:
    assert parse_date(text) is None


def test_the_language_says_which_number_is_the_month() -> None:
    assert parse_date("3/4/2031", language="en-US") == "2031-03-04"
    assert parse_date("3/4/2031", language="en-GB") == "2031-04-03"
    assert parse_date("3/4/2031", language="fr") == "2031-04-03"
    assert parse_date("13/4/2031", language="en-US") == "2031-04-13"
    assert is_ambiguous("3/4/2031", language="fr")
    assert not is_ambiguous("13/4/2031", language="fr")
    assert not is_ambiguous("3.4.2031", language="de")


@given(st.text(max_size=80) | st.text("0123456789./-: TZ年月日", max_size=40) | st.floats())
def test_no_value_is_too_strange(value: object) -> None:
    parsed = parse_date(value)
    assert parsed is None or len(parsed) >= 10
