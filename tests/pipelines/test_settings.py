"""sources.toml: what it may say, and how what is wrong is named."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SettingsError
from pipelines.settings import (
    NewSource,
    append_source,
    append_sources,
    load_settings,
    parse_settings,
    source_name,
)

SOURCE = '[[source]]\nname = "a"\nurl = "https://example.org/"\n'


def test_a_source_takes_what_it_leaves_out_from_the_defaults() -> None:
    settings = parse_settings(
        '[defaults]\nevery = "1h30m"\ndelay_seconds = 2\ncontact = "desk@example.org"\n'
        '[defaults.rules]\ntitle = "h1"\n'
        + SOURCE
        + 'cron = "0 7 * * *"\n[source.rules]\nbody = ".story"\n'
        + SOURCE.replace('"a"', '"b"')
    )
    first, second = settings.sources
    assert (first.cron, first.every) == ("0 7 * * *", None)
    assert (first.rules.title, first.rules.body) == ("h1", ".story")
    assert (second.every, second.delay_seconds) == (timedelta(minutes=90), 2.0)
    assert settings.contact == "desk@example.org"
    assert settings.find_source("b") is second
    assert settings.find_source("c") is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (SOURCE + "evry = 3", 4, "`evry`: there is no such key; did you mean `every`?"),
        (SOURCE + 'every = "soon"', 4, "`every`: write a length of time"),
        (SOURCE + "every = 30", 4, "`every`: write a length of time"),
        (SOURCE + 'cron = "7 o clock"', 4, "`cron`: '7 o clock' is no cron line"),
        (SOURCE + 'cron = "0 25 * * *"', 4, "`cron`"),
        (SOURCE + 'cron = "0 7 * * *"\nevery = "1h"', 5, "exclude each other"),
        (SOURCE + 'discover = ["feeds"]', 4, "`discover`: input should be 'feed'"),
        (SOURCE + 'include = "/news"', 4, "`include`: input should be a list, in [ ]"),
        (SOURCE + "delay_seconds = -1", 4, "`delay_seconds`"),
        (SOURCE + 'keep_pages = "yes"', 4, "`keep_pages`"),
        (SOURCE + "max_articles_per_crawl = true", 4, "`max_articles_per_crawl`"),
        (SOURCE + '[source.rules]\n\ntitel = "h1"', 6, "`rules.titel`"),
        (SOURCE + 'rules = { titel = "h1" }', 4, "`rules.titel`"),
        (SOURCE + SOURCE, 5, "`name`: this name is taken by the source on line 2"),
        ('[[source]]\nname = "a"\nurl = "ftp://example.org"', 3, "`url`"),
        ('[[source]]\nname = "a"\nurl = "https://[::1"', 3, "`url`"),
        ('[[source]]\nurl = "https://example.org"', 1, "a source needs a name"),
        ('[defaults]\ndelay_seconds = "x"\n' + SOURCE, 2, "`delay_seconds`"),
        ('[source]\nname = "a"', 1, "[[source]]"),
        ("# words\n\nsource = [", 3, "this is no TOML"),
        (SOURCE + 'name = "twice"', 4, "this is no TOML"),
        ("deflaults = 3", 1, "did you mean `defaults`?"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_key(text: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, path="my/sources.toml")
    message = str(caught.value)
    assert message.startswith(f"my/sources.toml, line {line}: ")
    assert words in message
    assert "\n" not in message


@given(st.text(max_size=300) | st.text(alphabet="[]source=\"\n '#.nameurl", max_size=200))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    try:
        parse_settings(text)
    except SettingsError as error:
        assert "sources.toml" in str(error)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: No such file.*winnow add"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# a\n# \xe9\n")
    with pytest.raises(SettingsError, match="line 2: this is not UTF-8"):
        load_settings(tmp_path / "latin.toml")


def test_adding_a_source_keeps_every_comment(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# mine\n[defaults]\ndelay_seconds = 3 # slow\n\n" + SOURCE + "# end\n")
    before = path.read_text()
    name = append_source(
        path, name="a", url="https://example.com/", comment="A feed.", seeds=["https://x.example/"]
    )
    assert name == "a-2"
    assert path.read_text().startswith(before)
    assert "# A feed.\n[[source]]" in path.read_text()
    added = load_settings(path).sources[1]
    assert (added.url, added.seeds) == ("https://example.com/", ("https://x.example/",))
    assert added.delay_seconds == 3
    assert list(tmp_path.iterdir()) == [path]


def test_adding_makes_a_file_but_never_a_broken_or_doubled_entry(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sources.toml"
    append_source(path, name="a", url="https://example.org/")
    text = path.read_text()
    with pytest.raises(SettingsError, match='is there already, as source "a"'):
        append_source(path, name="b", url="https://example.org/")
    with pytest.raises(SettingsError, match="`every`"):
        append_source(path, name="b", url="https://example.com/", every="often")
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.com/news/", "example"),
        ("https://news.example.co.uk/", "news-example"),
        ("https://news.example.gouv.fr/", "news-example"),
        ("https://someone.github.io/", "someone"),
        ("https://xn--mnchen-3ya.example/", "münchen"),
        ("https://www.gov.uk/news", "gov"),
        ("https://example.org:8443/", "example-8443"),
        ("http://[::1]:8900/", "1-8900"),
        ("http://127.0.0.1:8900/", "127-0-0-1-8900"),
        ("http://localhost/", "localhost"),
    ],
)
def test_a_source_is_named_after_its_host(url: str, name: str) -> None:
    assert source_name(url) == name


@given(st.text(max_size=40))
def test_no_comment_breaks_the_file(comment: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        append_source(path, name="a", url="https://a.example/", comment=comment)
        assert [source.name for source in load_settings(path).sources] == ["a"]


def test_several_are_added_at_once_and_each_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    append_source(path, name="a", url="https://a.example/")
    new = [
        NewSource(name=name, url=f"https://{host}.example/", comment="Of ours.")
        for name, host in (("a", "b"), ("c", "a"), ("a", "d"), ("e", "b"))
    ]
    assert append_sources(path, new) == [("a-2", True), ("a", False), ("a-3", True), ("a-2", False)]
    assert [source.name for source in load_settings(path).sources] == ["a", "a-2", "a-3"]
    assert path.read_text().count("# Of ours.\n[[source]]") == 2
