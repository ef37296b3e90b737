"""JSON as TypeScript reads it, from hostile bytes."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.modules.jsonc import MAX_BYTES, MAX_ENTRIES, as_object, as_table, as_text, as_texts, read_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": 1, // why\n "b": [1, 2,],}', {"a": 1, "b": [1, 2]}),
        ('/* first */ {"a": "x" /* y */ , /* z */ }', {"a": "x"}),
        ('{"a": "// no comment /* nor this */ ,}"}', {"a": "// no comment /* nor this */ ,}"}),
        ('{"a": "\\"", /* " */ "b": "\\\\",}', {"a": '"', "b": "\\"}),
        ("\ufeff{}", {}),
        ("", {}),
        ("  // only a comment\n", {}),
    ],
)
def test_reads_comments_and_trailing_commas(text: str, expected: object) -> None:
    """Comments, trailing commas and a byte order mark are no faults, and strings are left alone."""
    assert read_object("tsconfig.json", text.encode()) == expected


@pytest.mark.parametrize(
    ("content", "kind", "place"),
    [
        (b'{"a": 1', "configuration", Place("f", 1, 8)),
        (b'{\n  "a" 1}', "configuration", Place("f", 2, 7)),
        (b'{\n // x\n "a": oops}', "configuration", Place("f", 3, 7)),
        (b"[]", "configuration", Place("f", 0)),
        (b'{"a": "\xff"}', "configuration", Place("f", 0)),
        (b"\x00\x01", "configuration", Place("f", 1, 1)),
        (b'{"a":' * 100_000, "limit", Place("f", 0)),
        (b" " * (MAX_BYTES + 1), "limit", Place("f", 0)),
        (b'{"a": {"b": [' + b"1," * MAX_ENTRIES + b"1]}}", "limit", Place("f", 0)),
    ],
)
def test_says_where_a_fault_is(content: bytes, kind: str, place: Place) -> None:
    """What can't be read is a notice with its place."""
    found = read_object("f", content)
    assert isinstance(found, Notice)
    assert (found.kind, found.place) == (kind, place)


@given(st.dictionaries(st.text(), VALUES))
def test_reads_every_object(value: dict[str, object]) -> None:
    """Whatever is JSON is read as JSON, and a comment and a comma after it change nothing."""
    text = json.dumps(value)
    assert read_object("f", text.encode()) == value
    assert read_object("f", f"/* , */ {text} // end".encode()) == value


@given(st.binary() | st.text(alphabet='{}[],:"\\/* \n1a').map(str.encode))
def test_never_raises(content: bytes) -> None:
    """Any bytes give an object or a notice."""
    assert isinstance(read_object("f", content), dict | Notice)


@pytest.mark.parametrize("text", ['"\\"' * 300_000, '"\\' * 300_000 + "\\", "," * 900_000, "/*" * 400_000])
def test_is_linear(text: str) -> None:
    """Open strings, escapes and comments without end do not make reading slow."""
    started = time.process_time()
    read_object("f", text.encode())
    assert time.process_time() - started < 2


def test_other_shapes_count_as_absent() -> None:
    """A field of a wrong shape hides neither itself nor others."""
    assert as_text(["x"]) == ""
    assert as_texts(["a", 1, None, "b"]) == ("a", "b")
    assert as_texts("a") == ("a",)
    assert as_texts({"a": "b"}) == ()
    assert as_object([1]) == {}
    assert as_table({"a": "b", "c": 1}) == {"a": "b"}
