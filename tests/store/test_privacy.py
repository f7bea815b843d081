import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.privacy import author_key, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("WA 081234567890 ya", "WA [phone] ya"),
        ("WA +62 812-3456-7890.", "WA [phone]."),
        ("62812 3456 7890", "[phone]"),
        ("telp (021) 555-1234", "telp [phone]"),
        ("kantor 021-5551234 tutup", "kantor [phone] tutup"),
        ("kartu 4111 1111 1111 1111!", "kartu [card]!"),
        ("kartu 4111111111111112", "kartu 4111111111111112"),
        ("NIK 3174015203900001", "NIK [nik]"),
        ("NPWP 09.254.294.3-407.000", "NPWP [npwp]"),
        ("a.b+c@mail.contoh.co.id,", "[email],"),
        ("@senandika_id kapan?", "@senandika_id kapan?"),
        (
            "order 2605110087 dan INV/20260511/MPL/3456",
            "order 2605110087 dan INV/20260511/MPL/3456",
        ),
        ("Rp 1.250.000 tgl 12-05-2026 jam 10.30", "Rp 1.250.000 tgl 12-05-2026 jam 10.30"),
        ("resi JP0812345678901 hilang", "resi JP0812345678901 hilang"),
        ("08123", "08123"),
    ],
)
def test_what_identifies_is_masked_and_the_rest_is_not(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(alphabet="0123456789 +-.()@abc.id\n", max_size=300))
def test_masking_is_done_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.from_regex(r"08[1-9][0-9]{8,9}", fullmatch=True), st.text("abc ,!?\n", max_size=20))
def test_every_mobile_number_is_masked(number: str, around: str) -> None:
    assert number not in mask(f"{around} {number} {around}")


def test_author_keys_need_the_secret() -> None:
    assert author_key("Budi", b"a") != author_key("Budi", b"b")
    assert author_key("Budi", b"a") != author_key("Badu", b"a")
    assert "budi" not in author_key("Budi", b"a")
