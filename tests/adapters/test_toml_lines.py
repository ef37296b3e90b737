"""Lines of the keys of a TOML document."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.adapters.toml_lines import key_lines

DOCUMENT = '''# a comment with [brackets] and "quotes
top = 1
dotted.key."quoted.part" = { inner = [
  "]",  # ]
] }

[table]
text = """
fake = 1
[nowhere]
"""
literal = \'\'\'
a = "\'\'\'\'
list = [
  # [no.table]
  'x', [1],
]
after = [""" a"""", "]", """b""]""", \'\'\' c\'\'\'\', \']\']
[table.sub]   # comment
x = 1
[[array]]
y = 1
[[array]]
y = 2
'''


def test_every_key_has_the_line_it_is_written_in() -> None:
    """Strings, comments, brackets and tables on several lines are not mistaken for keys."""
    assert key_lines(DOCUMENT) == {
        ("top",): 2,
        ("dotted",): 3,
        ("dotted", "key"): 3,
        ("dotted", "key", "quoted.part"): 3,
        ("dotted", "key", "quoted.part", "inner"): 3,
        ("table",): 7,
        ("table", "text"): 8,
        ("table", "literal"): 12,
        ("table", "list"): 14,
        ("table", "after"): 18,
        ("table", "sub"): 19,
        ("table", "sub", "x"): 20,
        ("array",): 21,
        ("array", "y"): 22,
    }


def test_deep_keys_have_the_line_of_what_is_above() -> None:
    """Beyond a depth that no configuration has, keys are not told apart."""
    lines = key_lines("\na" + ".a" * 90 + " = 1")
    assert set(lines.values()) == {2}
    assert len(lines) < 10


@given(st.text(alphabet="ab.=[]{}\"'#\n 1,\\", max_size=60))
def test_any_valid_document_has_lines(text: str) -> None:
    """Whatever ``tomllib`` accepts is taken apart without error, and every top-level key is found in it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = key_lines(text)
    assert {key for (key, *_) in lines} == set(document)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
