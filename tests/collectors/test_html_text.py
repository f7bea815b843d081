from __future__ import annotations

import pytest

from collectors.html_text import plain_text, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("tanpa tanda", "tanpa tanda"),
        ("<p>satu</p><p>dua<br>tiga</p>", "satu\ndua\ntiga"),
        ("satu\n  dua", "satu dua"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<b>te</b>bal", "tebal"),
        ("harga &lt; 5 &amp; &quot;murah&quot;&nbsp;&#128512;", 'harga < 5 & "murah" 😀'),
        ("5 < 6 dan 7 > 3", "5 < 6 dan 7 > 3"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("a<SCRIPT>if (x < y) {}</SCRIPT >b", "ab"),
        ("<svg><p>tak tampak</p></svg>tampak", "tampak"),
        ("a<script/>b", "ab"),
        ("a<!-- komentar <b> -->b", "ab"),
        ("a<!-- tanpa akhir", "a"),
        ('<a title="a > b" href=x>c</a>', "c"),
        ('<img src=x onerror="alert(1)">', ""),
        ('<a href="x>teks</a>', "teks"),
        ("<![<![", "<![<!["),
        ("&lt;script&gt;", "<script>"),
        ("</p>", ""),
        ("<", "<"),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_blanks_are_tidied() -> None:
    assert tidy(" a\u00a0\u2003 b \r\n\n\t c\v") == "a b\nc"
