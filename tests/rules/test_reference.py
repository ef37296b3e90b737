"""The reference for whoever writes rules."""

from markdown_it import MarkdownIt

from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.attributes import attributes_of
from medpro_audit.rules.operators import OPERATORS, operators_for
from medpro_audit.rules.reference import render_reference
from medpro_audit.rules.rule_file import RULE_KEYS


def test_everything_that_a_rule_can_say_is_in_the_reference() -> None:
    """Keys, operators, subjects and attributes: computed, so that none is forgotten."""
    text = render_reference()
    for declared in SUBJECTS.values():
        testable = [name for name, each in attributes_of(declared).items() if operators_for(each.shape)]
        assert all(f"| `{name}` |" in text for name in (*testable, *RULE_KEYS, *OPERATORS))
    assert all(f"## The subject `{kind}`" in text for kind in SUBJECTS)


def test_the_reference_is_sound_markdown() -> None:
    """Each table has as many columns in each row, and nothing of it is taken for HTML."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(render_reference())
    assert sum(token.type == "table_open" for token in tokens) == 4 + len(SUBJECTS)
    assert not [token for token in tokens if token.type == "html_block"]
    assert not [child for token in tokens for child in token.children or () if child.type == "html_inline"]
