"""Bytes to text: what is declared, what is not, and what is declared wrongly."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scraper.extract.encoding import decode_html, find_encoding, recode_html
from scraper.extract.encoding.encoding_labels import ENCODINGS

TEXTS = {
    "ru": "Вчера в городе открылся новый мост, и жители впервые прошли по нему пешком.",
    "el": "Χθες άνοιξε στην πόλη η νέα γέφυρα και οι κάτοικοι την περπάτησαν.",
    "he": "אתמול נפתח בעיר גשר חדש והתושבים חצו אותו ברגל בפעם הראשונה",
    "ar": "افتتح أمس في المدينة جسر جديد وعبره السكان سيرا على الأقدام للمرة الأولى",
    "th": "เมื่อวานนี้สะพานใหม่เปิดในเมือง และชาวบ้านเดินข้ามเป็นครั้งแรก",
    "pl": "Wczoraj w mieście otwarto most, mieszkańcy przeszli pieszo; źródło: głos, żółty pył.",
    "tr": "Dün şehirde yeni bir köprü açıldı ve halk ilk kez yürüyerek geçti, ağaçlar, ışıklar.",
    "de": "Gestern wurde eine neue Brücke eröffnet, die Anwohner gingen zu Fuß darüber.",
    "fr": "Hier, un nouveau pont a été inauguré et les habitants l’ont traversé à pied, étonnés.",
    "ja": "昨日、町に新しい橋が開通し、住民が初めて歩いて渡りました。とても良い天気でした。",
    "zh": "昨天，城里的一座新桥通车了，居民们第一次步行走过这座桥，大家都说这是很好的一年。",
    "zh-TW": "昨天，城裡的一座新橋通車了，居民們第一次步行走過這座橋，大家都說這是很好的一年。",
    "ko": "어제 도시에 새 다리가 개통되어 주민들이 처음으로 걸어서 건넜다.",
}
LEGACY = [
    ("ru", "windows-1251"),
    ("ru", "koi8-r"),
    ("ru", "ibm866"),
    ("el", "windows-1253"),
    ("he", "windows-1255"),
    ("ar", "windows-1256"),
    ("th", "windows-874"),
    ("pl", "windows-1250"),
    ("pl", "iso-8859-2"),
    ("tr", "windows-1254"),
    ("de", "windows-1252"),
    ("fr", "windows-1252"),
    ("ja", "shift_jis"),
    ("ja", "euc-jp"),
    ("ja", "iso-2022-jp"),
    ("zh", "gb2312"),
    ("zh-TW", "big5"),
    ("ko", "euc-kr"),
]


def in_encoding(language: str, label: str, head: str = "") -> bytes:
    html = f"<!doctype html><html><head>{head}<title>Town</title></head><body><p class=a>"
    return (html + TEXTS[language] + "</p></body></html>").encode(ENCODINGS[label])


@pytest.mark.parametrize(("language", "label"), LEGACY)
@pytest.mark.parametrize("where", ["header", "meta", "http-equiv", "xml", "nowhere", "language"])
def test_a_page_in_a_legacy_encoding_is_read_right(language: str, label: str, where: str) -> None:
    head = {
        "meta": f"<meta charset='{label.upper()}'>",
        "http-equiv": f'<META content="text/html; charset={label}" http-equiv="Content-Type" />',
    }.get(where, "")
    body = in_encoding(language, label, head)
    if where == "language":
        body = body.replace(b"<html>", f'<html class="x" lang="{language}">'.encode())
    if where == "xml":
        body = f'<?xml version="1.0" encoding="{label}"?>\n'.encode() + body
    header = f'text/html; charset="{label}"' if where == "header" else "text/html"
    assert TEXTS[language] in decode_html(body, header)[0]


@pytest.mark.parametrize("language", TEXTS)
def test_utf8_is_read_as_utf8_whoever_declares_what(language: str) -> None:
    head = "<meta charset=iso-8859-1>"
    body = f"<head>{head}</head><p>{TEXTS[language]}".encode()
    assert find_encoding(body) == "utf-8"
    assert find_encoding(body, "text/html; charset=windows-1251") == "utf-8"
    assert recode_html(body) == (body, "utf-8")


def test_the_header_is_stronger_than_the_meta_element() -> None:
    body = in_encoding("ru", "koi8-r", "<meta charset=windows-1252>")
    assert find_encoding(body, "text/html;charset=koi8-r") == "koi8-r"


def test_a_meta_element_in_a_comment_or_script_declares_nothing() -> None:
    head = "<!-- <meta charset=koi8-r> --><script>'<meta charset=big5>'</script>"
    body = in_encoding("pl", "iso-8859-2", head + "<meta charset=iso-8859-2>")
    assert find_encoding(body) == "iso-8859-2"


def test_a_page_that_calls_itself_utf8_and_is_not_is_taken_for_undeclared() -> None:
    body = in_encoding("de", "windows-1252", "<meta charset=utf-8>")
    assert TEXTS["de"] in decode_html(body, "text/html; charset=utf-8")[0]
    body = in_encoding("ru", "windows-1251", "<meta charset=windows-1251>")
    assert TEXTS["ru"] in decode_html(body, "text/html; charset=utf-8")[0]


def test_a_few_damaged_bytes_do_not_turn_utf8_into_something_else() -> None:
    body = f"<p>{TEXTS['fr']}".encode() + b"\xff <p>" + TEXTS["ru"].encode()
    text, encoding = decode_html(body)
    assert encoding == "utf-8"
    assert TEXTS["fr"] in text
    assert TEXTS["ru"] in text
    assert recode_html(body)[0].decode() == text


def test_a_few_chinese_characters_in_gbk_that_look_like_utf8_stay_chinese() -> None:
    body = "<meta charset=gbk><p>联通".encode("gbk")
    assert "联通" in decode_html(body)[0]


@pytest.mark.parametrize("codec", ["utf-16le", "utf-16be"])
def test_utf16_is_seen_with_and_without_a_mark(codec: str) -> None:
    html = "<html><p>Fuß und Rain in the town of Varnholt</p></html>"
    mark = codecs.BOM_UTF16_LE if codec == "utf-16le" else codecs.BOM_UTF16_BE
    for body in (html.encode(codec), mark + html.encode(codec)):
        assert decode_html(body) == (html, codec)


def test_a_utf8_mark_is_stronger_than_the_header_and_is_not_part_of_the_text() -> None:
    body = codecs.BOM_UTF8 + "<p>é".encode()
    assert decode_html(body, "text/html; charset=iso-8859-1") == ("<p>é", "utf-8")


def test_every_encoding_has_a_codec_and_all_but_one_a_parser() -> None:
    for name in set(ENCODINGS.values()):
        codecs.lookup(name)
        if name != "mac-cyrillic":
            etree.HTMLParser(encoding=name)


@given(st.binary(), st.none() | st.text())
def test_no_bytes_and_no_header_are_too_strange(body: bytes, header: str | None) -> None:
    recode_html(body, header)[0].decode()


@given(st.binary(max_size=40), st.sampled_from(sorted(ENCODINGS)))
def test_no_declaration_is_too_strange_for_the_bytes(tail: bytes, label: str) -> None:
    body = f"<meta charset={label}>".encode() + tail
    recode_html(body)[0].decode()
    recode_html(tail, f"charset={label}")[0].decode()


def test_text_that_was_encoded_twice_is_read_as_it_was_meant() -> None:
    meant = "<meta charset=utf-8><p>Ida’s “Fuß” — 東"
    twice = meant.encode().decode("latin-1").encode()
    assert recode_html(twice)[0].decode() == meant


def test_letters_that_only_look_encoded_twice_stay() -> None:
    page = "<p>Â© and Ã¼ are what a broken page shows for © and ü".encode()
    assert recode_html(page)[0] == page
