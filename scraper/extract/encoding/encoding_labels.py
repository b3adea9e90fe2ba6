"""Labels of encodings and what they mean, by the Encoding Standard (section 4.2).

The standard's encodings are given as Python names of the same or the nearest wider code page, so
that text a browser reads is read here too: Shift_JIS is cp932, EUC-KR is cp949, Big5 has the Hong
Kong characters, every Latin-1 is windows-1252.
"""

from typing import Final

_TABLE: Final = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf8mb4",
    "utf-16le": "utf-16le utf-16 ucs-2 unicode unicodefeff csunicode iso-10646-ucs-2",
    "utf-16be": "utf-16be unicodefffe",
    "windows-1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 iso-ir-100 latin1 l1 latin-1 ascii us-ascii ansi_x3.4-1968 cp819 ibm819 "
    "csisolatin1 x-user-defined iso8859_1",
    "windows-1250": "windows-1250 cp1250 x-cp1250",
    "windows-1251": "windows-1251 cp1251 x-cp1251 win-1251 win1251",
    "windows-1253": "windows-1253 cp1253 x-cp1253",
    "windows-1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 "
    "iso_8859-9:1989 iso-ir-148 latin5 l5 csisolatin5",
    "windows-1255": "windows-1255 cp1255 x-cp1255",
    "windows-1256": "windows-1256 cp1256 x-cp1256",
    "windows-1257": "windows-1257 cp1257 x-cp1257",
    "windows-1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 tis-620 iso-8859-11 iso8859-11 iso885911 dos-874",
    "iso-8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 iso-ir-101 latin2 l2 "
    "csisolatin2",
    "iso-8859-3": "iso-8859-3 iso8859-3 iso88593 iso_8859-3 iso-ir-109 latin3 l3 csisolatin3",
    "iso-8859-4": "iso-8859-4 iso8859-4 iso88594 iso_8859-4 iso-ir-110 latin4 l4 csisolatin4",
    "iso-8859-5": "iso-8859-5 iso8859-5 iso88595 iso_8859-5 iso-ir-144 cyrillic csisolatincyrillic",
    "iso-8859-6": "iso-8859-6 iso8859-6 iso88596 iso_8859-6 iso-ir-127 arabic asmo-708 ecma-114 "
    "csisolatinarabic iso-8859-6-e iso-8859-6-i",
    "iso-8859-7": "iso-8859-7 iso8859-7 iso88597 iso_8859-7 iso-ir-126 greek greek8 ecma-118 "
    "elot_928 sun_eu_greek csisolatingreek",
    "iso-8859-8": "iso-8859-8 iso8859-8 iso88598 iso_8859-8 iso-ir-138 hebrew visual "
    "csisolatinhebrew iso-8859-8-e iso-8859-8-i logical csiso88598i",
    "iso-8859-10": "iso-8859-10 iso8859-10 iso885910 iso-ir-157 latin6 l6 csisolatin6",
    "iso-8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso-8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso-8859-15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 latin9 csisolatin9",
    "iso-8859-16": "iso-8859-16",
    "koi8-r": "koi8-r koi8 koi koi8_r cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "ibm866": "ibm866 866 cp866 csibm866",
    "macintosh": "macintosh mac x-mac-roman csmacintosh",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 "
    "iso-ir-58 cp936 windows-936",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950",
    "euc-jp": "euc-jp x-euc-jp cseucpkdfmtjapanese eucjp",
    "iso-2022-jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis cp932",
    "cp949": "euc-kr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 iso-ir-149 "
    "csksc56011987 windows-949 cp949 euckr",
}

ENCODINGS: Final = {label: name for name, labels in _TABLE.items() for label in labels.split()}
"""Python name of the encoding for each label, labels in lower case."""
