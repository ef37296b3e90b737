"""Bytes of any encoding become UTF-8 with the same lines."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.place import Place
from medpro_audit.extract.decoding import Decoded, decode_to_utf8

PROGRAM = "const name = 'Ärztin 🩺';\r\nmodule.exports = { name };\n// end"
WESTERN = "const name = 'Müller';\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "bom"),
    [
        (PROGRAM.encode(), "utf-8", b""),
        (codecs.BOM_UTF8 + PROGRAM.encode(), "utf-8", codecs.BOM_UTF8),
        (codecs.BOM_UTF16_LE + PROGRAM.encode("utf-16-le"), "utf-16-le", codecs.BOM_UTF16_LE),
        (codecs.BOM_UTF16_BE + PROGRAM.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE),
        (b"", "utf-8", b""),
        (codecs.BOM_UTF8, "utf-8", codecs.BOM_UTF8),
    ],
)
def test_marked_and_plain_text_needs_no_notice(raw: bytes, encoding: str, bom: bytes) -> None:
    """What is certain is decoded silently; line ends stay as they are."""
    text = PROGRAM.encode() if len(raw) > len(bom) else b""
    assert decode_to_utf8(raw) == Decoded(text, encoding, bom)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_told_by_its_nul_bytes(encoding: str) -> None:
    """A guess is a right one, and says that it is one."""
    decoded = decode_to_utf8(PROGRAM.encode(encoding), "a.js")
    assert (decoded.text, decoded.encoding) == (PROGRAM.encode(), encoding)
    assert decoded.notice
    assert decoded.notice.place == Place("a.js", 0)


@pytest.mark.parametrize(("character", "encoding"), [("", "cp1252"), ("“", "cp1252"), ("\x81", "latin-1")])
def test_western_text_is_read_with_a_notice(character: str, encoding: str) -> None:
    """Text that is not UTF-8 is read as Western European, which every byte is a character of."""
    text = WESTERN + character
    decoded = decode_to_utf8(text.encode(encoding), "a.js")
    assert (decoded.text, decoded.encoding) == (text.encode(), encoding)
    assert decoded.notice
    assert decoded.notice.kind == "encoding"


def test_stray_nul_characters_become_spaces() -> None:
    """A NUL can't hide the rest of a file, and no offset moves."""
    raw = b"const a = 1; // " + b"x" * 200 + b"\0\nrouter.get('/')\n"
    decoded = decode_to_utf8(raw)
    assert decoded.text == raw.replace(b"\0", b" ")
    assert decoded.notice


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0",
        b"\x7fELF\2\1\1\0" + b"\0" * 40,
        b"\0" * 1000,
        bytes(range(256)) * 4,
        codecs.BOM_UTF16_LE + b"\0\xd8",
        codecs.BOM_UTF16_BE + b"\0a\0",
        codecs.BOM_UTF32_LE + "const a = 1".encode("utf-32-le"),
    ],
    ids=["png", "elf", "nul", "all bytes", "lone surrogate", "odd length", "utf-32"],
)
def test_binary_content_is_not_text(raw: bytes) -> None:
    """What is not text is not parsed, and a notice says so."""
    decoded = decode_to_utf8(raw)
    assert (decoded.text, decoded.encoding) == (None, "binary")
    assert decoded.notice
    assert decoded.notice.message.startswith("not read: ")


@given(
    st.binary(max_size=400) | st.text().map(str.encode) | st.text().map(lambda text: text.encode("utf-16", "ignore"))
)
def test_any_bytes_have_an_answer(raw: bytes) -> None:
    """The text is valid UTF-8 without NUL, and gives the file back unless NUL characters were replaced."""
    decoded = decode_to_utf8(raw)
    if decoded.text is None:
        assert decoded.notice
        return
    text = decoded.text.decode()
    assert "\0" not in text
    restored = decoded.bom + text.encode(decoded.encoding)
    assert restored == raw or (len(restored) == len(raw) and b"\0" in raw)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_lines_stay_the_same(text: str) -> None:
    """Every encoding of a text gives the same bytes, so places found in them are places in the file."""
    expected = decode_to_utf8(codecs.BOM_UTF8 + text.encode()).text
    for encoding, bom in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        assert decode_to_utf8(bom + text.encode(encoding)).text == expected == text.encode()
