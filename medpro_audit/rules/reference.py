"""The reference for whoever writes rules, as Markdown: computed from the types and tables that prove the rules."""

from collections.abc import Iterable, Iterator

from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.attributes import Attribute, Shape, attributes_of
from medpro_audit.rules.conditions import COMBINATORS
from medpro_audit.rules.operators import OPERATORS, operators_for
from medpro_audit.rules.rule_file import PACK_KEYS, RULE_KEYS

_CONDITIONS = """\
## Conditions

A mapping whose entries must all hold: an attribute with a value, with a list of values (any of them) or with operators
(all of them), or one of these:"""

_OPERATORS = """\
## Operators

Where an attribute is missing or `unknown`, the answer is unknown, which never counts as good. Only `exists` has an
answer for what is missing; and a test that names `unknown` itself has one for that."""


def render_reference() -> str:
    """List the keys of packs and rules, the operators, and the attributes of every subject."""
    keys = [(f"`{name}`", "yes" if key.required else "", key.doc) for name, key in RULE_KEYS.items()]
    parts = [
        "# Writing rules",
        "## A pack\n\nA folder with a `pack.yaml` and one YAML file for each rule.",
        _table(("key", "what it says"), [(f"`{name}`", key.doc) for name, key in PACK_KEYS.items()]),
        "## A rule",
        _table(("key", "required", "what it says"), keys),
        _CONDITIONS,
        _table(("key", "meaning"), [(f"`{name}`", doc) for name, doc in COMBINATORS.items()]),
        _OPERATORS,
        _table(("operator", "the attribute"), [(f"`{each.name}`", each.doc) for each in OPERATORS.values()]),
        *(part for kind in SUBJECTS for part in _subject(kind)),
    ]
    return "\n\n".join(parts) + "\n"


def _subject(kind: str) -> Iterator[str]:
    declared = SUBJECTS[kind]
    yield f"## The subject `{kind}`\n\n{(declared.__doc__ or '').strip()}"
    testable = [each for each in attributes_of(declared).values() if operators_for(each.shape)]
    rows = [(f"`{each.name}`", _values(each), each.doc.replace("``", "`")) for each in testable]
    yield _table(("attribute", "values", "what it says"), rows)


def _values(attribute: Attribute) -> str:
    shape = attribute.shape
    values = f"list of {_single(shape.item).removeprefix('a ')}" if shape.item else _single(shape)
    return f"{values}, or missing" if shape.optional else values


def _single(shape: Shape) -> str:
    if shape.struct is not None and not shape.has_scalar:
        return "structures: " + ", ".join(f"`{name}`" for name in attributes_of(shape.struct))
    return shape.describe()


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    escaped = [[cell.replace("|", "\\|").replace("<", "\\<") for cell in row] for row in rows]
    lines = [header, ["---"] * len(header), *escaped]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
