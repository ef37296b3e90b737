"""Hostile YAML is refused with its line; what is left means what YAML 1.2 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.rules.problems import FileProblems, Problems
from medpro_audit.rules.tree import Mapping, plain
from medpro_audit.rules.yaml_reader import MAX_BYTES, read_yaml


def _read(content: bytes) -> Mapping | list[str]:
    """Read a file; its problems when there are any."""
    problems = Problems()
    tree = read_yaml(content, FileProblems(problems, "x.yaml"))
    try:
        problems.raise_any()
    except ConfigurationError as error:
        return list(error.problems)
    assert tree is not None
    return tree


def test_plain_words_mean_what_yaml_1_2_says() -> None:
    """Only true and false are booleans, only decimal digits are numbers, quotes make text."""
    tree = _read(b"a: no\nb: on\nc: true\nd: 12\ne: '12'\nf: 1.5\ng:\nh: 0x1F\ni: 12:30:45\nj: [x, ~]\nk: 2024-01-01")
    assert isinstance(tree, Mapping)
    assert plain(tree) == {
        "a": "no",
        "b": "on",
        "c": True,
        "d": 12,
        "e": "12",
        "f": 1.5,
        "g": None,
        "h": "0x1F",
        "i": "12:30:45",
        "j": ["x", None],
        "k": "2024-01-01",
    }


def test_each_node_knows_its_line() -> None:
    """Keys and values carry the line on which they stand, also after a byte order mark and with CRLF."""
    tree = _read(b"\xef\xbb\xbfa: 1\r\n\r\nb:\r\n  - x\r\n  - y\r\n")
    assert isinstance(tree, Mapping)
    assert tree.entries["b"].line == 3
    assert [item.line for item in tree.entries["b"].value.items] == [4, 5]  # type: ignore[union-attr] # it is a list


_BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (_BOMB, "x.yaml:1: anchors and aliases (& and *) are not allowed; write the value out"),
        (b"a: *b", "x.yaml:1: anchors and aliases (& and *) are not allowed; write the value out"),
        (b"a: 1\nb: !!python/object:os.system x", "x.yaml:2: tags (!) are not allowed; write the plain value"),
        (b"a: " + b"[" * 60_000, "x.yaml:1: nested deeper than 16 levels"),
        (b"a: " + b"{b: " * 17, "x.yaml:1: nested deeper than 16 levels"),
        (b"a: 1\nb: 2\na: 3", 'x.yaml:3: the key "a" stands here twice; keep one'),
        (b"a: 1\n---\nb: 2", "x.yaml:2: a second document begins here; write one file for each"),
        (b"", "x.yaml:1: the file is empty"),
        (b"# nothing\n", "x.yaml:1: the file is empty"),
        (b"- a\n- b", "x.yaml:1: the file must be a mapping of keys to values, but it is a list"),
        (b"just text", "x.yaml:1: the file must be a mapping of keys to values, but it is a text"),
        (b"[1, 2]: x", "x.yaml:1: a key must be a word, but it is a list"),
        (b"a: 1\nb: \xff", "x.yaml:2: this is not UTF-8 text"),
        (b"a: \x00", "x.yaml:1: this is no YAML: it holds characters that are not text"),
        (b"a: " + b"x" * MAX_BYTES, "x.yaml:1: the file is larger than 64 KiB; split it"),
    ],
)
def test_hostile_files_are_refused(content: bytes, problem: str) -> None:
    """Bombs, constructors, ambiguity and rubbish are named with their line, before they cost anything."""
    assert _read(content) == [problem]


def test_a_syntax_error_names_its_line() -> None:
    """What is no YAML says so where the parser stumbled."""
    problems = _read(b"a: 1\nb: [1, 2\nc: 3\n")
    assert isinstance(problems, list)
    assert problems[0].startswith("x.yaml:3: this is no YAML: ")


@given(st.text(alphabet="ab:-[]{},&*!|>'\"# \n\t%@`?0.~", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises anything but a list of problems."""
    result = _read(text.encode())
    assert isinstance(result, Mapping) or result


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """No bytes raise anything but a list of problems."""
    result = _read(content)
    assert isinstance(result, Mapping) or result
