"""Rules as text."""

import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.rendering import render_condition, render_rule, render_rule_list
from medpro_audit.rules.tree import Plain
from rules.builders import pack_files


def test_a_rule_is_shown_whole() -> None:
    """What it asks in words, what to do, why, and both examples."""
    why = "'A long reason. " + "word " * 30 + "'"
    (rule,) = load_packs(pack_files(tags="[cwe-20]", bad="{a.js: one(), b.js: two()}", why=why)).rules
    assert (
        render_rule(rule)
        == """\
demo/bad-thing: Bad thing

severity  error
asks      each endpoint
where     reads contains body
requires  validation.body.status is validated
feeds     code-quality, weight 1
effort    20min
tags      cwe-20
fix       Make it good.

A long reason. word word word word word word word word word word word word word
word word word word word word word word word word word word word word word word
word

Bad:

    // a.js
    one()

    // b.js
    two()

Good:

    good();
"""
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        ({"a": 1, "b": [True, "x"]}, "a is 1 and b is true or x"),
        ({"a": {"gt": 1, "exists": False}}, "a gt 1 and a is missing"),
        ({"a": {"empty": True}, "not": {"b": "x"}}, "a is empty and not (b is x)"),
        ({"any": [{"a": 1}, {"b": {"contains-any": ["x", "y"]}}]}, "(a is 1 or b contains-any x or y)"),
        ({"all": [{"a": 1}, {"b": 2}]}, "(a is 1 and b is 2)"),
        ({"a": {"some": {"b": 1, "c": 2}}}, "a some (b is 1 and c is 2)"),
    ],
)
def test_a_condition_is_written_in_words(condition: Plain, words: str) -> None:
    """Every form of condition has its words."""
    assert render_condition(condition) == words


def test_the_list_fits_a_terminal() -> None:
    """One line for each shipped rule, below its pack, each with id, severity and title."""
    ruleset = load_packs(read_packs())
    lines = render_rule_list(ruleset).splitlines()
    assert "zod: Request validation" in lines
    assert sum(line.startswith("  ") for line in lines) == len(ruleset.rules)
    title = "Endpoint changes something by an unvalidated body"
    assert any(" ".join(line.split()) == f"zod/unvalidated-body error {title}" for line in lines)
