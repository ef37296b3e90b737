"""Turns the bytes of a source file, whatever their encoding, into UTF-8 with the same lines."""

import codecs

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r") | {0x7F})
_TEXT_HAS_FEWER = 50
"""Fewer control characters than one in so many bytes: text; otherwise binary."""
_SAMPLE = 4096


class Decoded(Struct, frozen=True):
    """A source file as text. Unless NUL characters were replaced, ``bom`` + ``text`` in ``encoding`` is the file."""

    text: bytes | None
    """In UTF-8, without byte order mark, line ends untouched; None when the content is not text."""
    encoding: str
    """Codec name for writing the text back; ``binary`` when it is not text."""
    bom: bytes = b""
    notice: Notice | None = None


def decode_to_utf8(raw: bytes, path: str = "") -> Decoded:
    """Decode by byte order mark, then as UTF-8, then by the pattern of NUL bytes, then as Western European."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _decode_marked(raw[len(bom) :], encoding, bom, path)
    if unmarked := _unmarked_utf16(raw):
        text = raw.decode(unmarked).encode()
        return Decoded(text, unmarked, notice=_notice(path, f"read as {unmarked.upper()}: it has no byte order mark"))
    if _is_utf8(raw):
        return _without_nuls(Decoded(raw, "utf-8"), path)
    return _decode_western(raw, path)


def _decode_marked(raw: bytes, encoding: str, bom: bytes, path: str) -> Decoded:
    try:
        text = raw.decode(encoding).encode()
    except UnicodeDecodeError:
        return _binary(path, f"not read: it begins as {encoding.upper()} and is not valid {encoding.upper()}")
    return _without_nuls(Decoded(text, encoding, bom), path)


def _unmarked_utf16(raw: bytes) -> str | None:
    """Find UTF-16 by where the NUL bytes stand: in text that is mostly ASCII, every second byte is one."""
    sample = raw[:_SAMPLE]
    for encoding, high_bytes in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if high_bytes.count(0) * 10 > len(high_bytes) * 7 and _is_text(raw, encoding):
            return encoding
    return None


def _is_text(raw: bytes, encoding: str) -> bool:
    try:
        text = raw.decode(encoding).encode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in text and not _has_many_controls(text)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_nuls(decoded: Decoded, path: str) -> Decoded:
    """Replace stray NUL characters, which a parser takes for the end, by spaces; many of them mean binary content."""
    text = decoded.text or b""
    if b"\0" not in text:
        return decoded
    if _has_many_controls(text):
        return _binary(path)
    notice = _notice(path, "NUL characters are read as spaces")
    return Decoded(text.replace(b"\0", b" "), decoded.encoding, decoded.bom, notice)


def _decode_western(raw: bytes, path: str) -> Decoded:
    if b"\0" in raw or _has_many_controls(raw):
        return _binary(path)
    for encoding in ("cp1252", "latin-1"):  # the second has a character for every byte
        try:
            text = raw.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
        return Decoded(text, encoding, notice=_notice(path, f"read as {encoding}: it is not valid UTF-8"))
    raise AssertionError("latin-1 decodes every byte")


def _has_many_controls(text: bytes) -> bool:
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return controls * _TEXT_HAS_FEWER > len(text)


def _binary(path: str, message: str = "not read: its content is binary, not JavaScript") -> Decoded:
    return Decoded(None, "binary", notice=_notice(path, message))


def _notice(path: str, message: str) -> Notice:
    return Notice("encoding", message, Place(path, 0) if path else None)
