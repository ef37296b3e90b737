"""Reads JSON as TypeScript does, with comments and trailing commas, from bytes that nobody vouches for.

The `as_…` functions take what has the expected shape and leave the rest out: one wrong field must not hide the others.
"""

import re

import msgspec

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

MAX_BYTES = 1_000_000
"""Larger settings files are not read."""
MAX_ENTRIES = 2_000
"""Nor are those with a longer list or a larger object."""

# A string never fails to match, closed or not, so that the search stays linear on any input.
_STRING = rb'"(?:[^"\\]|\\.?)*+"?'
_COMMENT = re.compile(_STRING + rb"|//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(_STRING + rb"|,(?=\s*[}\]])", re.DOTALL)
_NO_LINE_BREAK = re.compile(rb"[^\r\n]")
_FAULT_AT = re.compile(r"\(byte (\d+)\)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_object(path: str, content: bytes) -> dict[str, Json] | Notice:
    """Decode a JSON object; a notice says where it can't be read, and an empty file is an empty object."""
    if len(content) > MAX_BYTES:
        return Notice("limit", f"not read: larger than {MAX_BYTES:,} bytes", Place(path, 0))
    try:
        value = _decoded(content.removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError:
        return Notice("configuration", "not read: this is not JSON in UTF-8", Place(path, 0))
    except RecursionError:
        return Notice("limit", "not read: nested too deeply", Place(path, 0))
    except msgspec.DecodeError as error:
        return Notice("configuration", f"not read: {_sentence(error)}", _place(path, content, error))
    if not isinstance(value, dict):
        return Notice("configuration", "not read: this is not a JSON object", Place(path, 0))
    if _is_crowded(value):
        return Notice("limit", f"not read: more than {MAX_ENTRIES:,} entries in one place", Place(path, 0))
    return value


def as_text(value: Json) -> str:
    """A string, empty for anything else."""
    return value if isinstance(value, str) else ""


def as_texts(value: Json) -> tuple[str, ...]:
    """The strings of an array; a string alone is an array of one."""
    values = [value] if isinstance(value, str) else value
    return tuple(item for item in values if isinstance(item, str)) if isinstance(values, list) else ()


def as_object(value: Json) -> dict[str, Json]:
    """An object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def as_table(value: Json) -> dict[str, str]:
    """The entries of an object whose values are strings."""
    return {key: item for key, item in as_object(value).items() if isinstance(item, str)}


def _decoded(content: bytes) -> Json:
    try:
        value: Json = msgspec.json.decode(content)
    except msgspec.DecodeError:
        plain = _TRAILING_COMMA.sub(_blank_unless_string, _COMMENT.sub(_blank_unless_string, content))
        value = msgspec.json.decode(plain) if plain.strip() else {}
    return value


def _is_crowded(value: Json) -> bool:
    waiting: list[Json] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict | list):
            if len(item) > MAX_ENTRIES:
                return True
            waiting += item.values() if isinstance(item, dict) else item
    return False


def _blank_unless_string(found: re.Match[bytes]) -> bytes:
    # Same length and line breaks, so that a fault is reported where it stands in the file.
    return found[0] if found[0].startswith(b'"') else _NO_LINE_BREAK.sub(b" ", found[0])


def _sentence(error: msgspec.DecodeError) -> str:
    reason = str(error).partition(" (byte")[0].removeprefix("JSON is malformed: ")
    return "the JSON ends too early" if "truncated" in reason else f"malformed JSON, {reason}"


def _place(path: str, content: bytes, error: msgspec.DecodeError) -> Place:
    found = _FAULT_AT.search(str(error))
    before = content[: int(found[1])] if found else content
    return Place(path, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
