"""What a site repeats, counted over its pages."""

from scraper.sites.learned import KnownBlocks, count_blocks, fingerprint_text


def test_case_does_not_make_a_text_another_but_numbers_and_elements_do() -> None:
    assert fingerprint_text("p", "Share THIS") == fingerprint_text("p", "share this")
    assert fingerprint_text("td", "$ 170") != fingerprint_text("td", "$ 240")
    assert fingerprint_text("p", "Shared") != fingerprint_text("li", "Shared")


def test_a_text_counts_once_a_page() -> None:
    known = count_blocks([["a", "a", "b"], ["a", "c"]])
    assert known == KnownBlocks(2, {"a": 2})


def test_few_pages_prove_nothing() -> None:
    assert KnownBlocks(4, {"a": 4}).limit("a") == 0


def test_a_segment_must_be_sure_to_stay_where_half_of_the_pages_have_it() -> None:
    known = KnownBlocks(20, {"always": 20, "half": 10, "often": 9})
    limits = [known.limit(name) for name in ("always", "half", "often", "new")]
    assert limits == [0.8, 0.8, 0.0, 0.0]
