"""Rules as plain text, for ``rules list`` and ``rules show``."""

import re
from textwrap import fill, indent

from medpro_audit.rules.conditions import COMBINATORS
from medpro_audit.rules.rule import Rule, RuleSet
from medpro_audit.rules.tree import Plain

_WIDTH = 80


def render_rule_list(ruleset: RuleSet) -> str:
    """List all rules, one on a line, below their packs."""
    width = max((len(rule.id) for rule in ruleset.rules), default=0)
    blocks: list[str] = []
    for pack in ruleset.packs:
        lines = [f"{pack.id}: {pack.title}"]
        lines += [
            f"  {rule.id:{width}}  {rule.severity:7}  {rule.title}" for rule in ruleset.rules if rule.pack == pack.id
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def render_rule(rule: Rule) -> str:
    """Show everything about one rule."""
    facts = [
        ("severity", rule.severity),
        ("asks", f"each {rule.subject}"),
        ("where", render_condition(rule.where)),
        ("requires", render_condition(rule.require)),
        ("query", rule.query or ""),
        ("feeds", f"{rule.metric}, weight {rule.weight}" if rule.metric else "no metric"),
        ("effort", rule.effort),
        ("tags", ", ".join(rule.tags)),
        ("fix", rule.fix),
    ]
    parts = [
        f"{rule.id}: {rule.title}",
        "\n".join(_aligned(name, text) for name, text in facts if text),
        _wrapped(rule.why),
        f"Bad:\n\n{indent(rule.bad.text, '    ')}",
        f"Good:\n\n{indent(rule.good.text, '    ')}",
    ]
    return "\n\n".join(parts) + "\n"


def render_condition(condition: Plain) -> str:
    """Write a condition on one line; empty when there is none."""
    entries = condition.items() if isinstance(condition, dict) else ()
    return " and ".join(_entry(name, value) for name, value in entries)


def _entry(name: str, value: Plain) -> str:
    if name == "not":
        return f"not ({render_condition(value)})"
    if name in COMBINATORS and isinstance(value, list):
        joiner = " and " if name == "all" else " or "
        return f"({joiner.join(render_condition(item) for item in value)})"
    if isinstance(value, dict):
        return " and ".join(f"{name} {_test(operator, operand)}" for operator, operand in value.items())
    return f"{name} is {_operand(value)}"


def _test(operator: str, operand: Plain) -> str:
    answers = _ANSWERS.get(operator)
    return answers[operand is True] if answers else f"{operator} {_operand(operand)}"


_ANSWERS = {"exists": ("is missing", "exists"), "empty": ("is not empty", "is empty")}
"""What an operator means with false and with true."""


def _operand(value: Plain) -> str:
    if isinstance(value, list):
        return " or ".join(_operand(item) for item in value)
    if isinstance(value, dict):
        return f"({render_condition(value)})"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _aligned(name: str, text: str) -> str:
    return fill(text, _WIDTH, initial_indent=f"{name:10}", subsequent_indent=" " * 10, break_on_hyphens=False)


def _wrapped(markdown: str) -> str:
    """Wrap plain paragraphs; lists, code and the like stay as they are."""
    paragraphs = re.split(r"\n{2,}", markdown.strip())
    return "\n\n".join(
        fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        if text[0].isalpha() or text[0] == "`"
        else text
        for text in paragraphs
    )
