"""What a site repeats, counted over its pages."""

from scraper.sites.learned import KnownBlocks, count_blocks, fingerprint_text


def test_numbers_do_not_make_a_text_another() -> None:
    assert fingerprint_text("p", "Shared 12 times") == fingerprint_text("p", "shared 840 times")
    assert fingerprint_text("p", "Shared") != fingerprint_text("li", "Shared")


def test_a_text_counts_once_a_page() -> None:
    known = count_blocks([["a", "a", "b"], ["a", "c"]])
    assert known == KnownBlocks(2, {"a": 2})


def test_few_pages_prove_nothing() -> None:
    assert KnownBlocks(4, {"a": 4}).limit("a") == 0


def test_the_more_often_the_surer_a_segment_must_be_to_stay() -> None:
    known = KnownBlocks(20, {"always": 20, "often": 6, "now and then": 3})
    limits = [known.limit(name) for name in ("always", "often", "now and then", "new")]
    assert limits == [0.97, 0.85, 0.0, 0.0]
