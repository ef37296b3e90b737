"""Compiles ``where`` and ``require``: plain data, proved against the type of the subject, nothing evaluated.

A condition is a mapping, of which all entries must hold. An entry is an attribute with a value, a list of values (any
of them) or operators (all of them); or ``all`` and ``any`` with a list of conditions, or ``not`` with one.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from medpro_audit.rules.attributes import Attribute, Scalar, attributes_of
from medpro_audit.rules.operators import OPERATORS, Condition, Operand, Operator, operators_for
from medpro_audit.rules.patterns import UnsafePatternError, compile_pattern
from medpro_audit.rules.problems import FileProblems
from medpro_audit.rules.tree import Entry, Leaf, Listing, Mapping, Tree
from medpro_audit.rules.truth import Truth, conjoin, disjoin, negate

COMBINATORS = {
    "all": "All of these conditions hold.",
    "any": "At least one of these conditions holds.",
    "not": "This condition does not hold.",
}


def compile_condition(tree: Tree, declared: type[Struct], problems: FileProblems) -> Condition:
    """Prove and compile a condition on subjects of a type; it is of no use when ``problems`` were noted."""
    return _Compiler(declared, problems).condition(tree)


def tested_attributes(tree: Tree) -> Iterator[str]:
    """Name the attributes of the subject that a condition tests."""
    if isinstance(tree, Listing):
        for item in tree.items:
            yield from tested_attributes(item)
    elif isinstance(tree, Mapping):
        for key, entry in tree.entries.items():
            if key in COMBINATORS:
                yield from tested_attributes(entry.value)
            else:
                yield key


class _Compiler:
    def __init__(self, declared: type[Struct], problems: FileProblems) -> None:
        self._attributes = attributes_of(declared)
        self._problems = problems

    def condition(self, tree: Tree) -> Condition:
        if not isinstance(tree, Mapping):
            return self._refuse(tree, f"a condition is a mapping of attributes to values, but this is {tree.kind}")
        if not tree.entries:
            return self._refuse(tree, "an empty condition says nothing; leave its key out to mean every subject")
        return _join(conjoin, [self._entry(key, entry) for key, entry in tree.entries.items()])

    def _entry(self, key: str, entry: Entry) -> Condition:
        if key == "not":
            inner = self.condition(entry.value)
            return lambda subject: negate(inner(subject))
        if key in COMBINATORS:
            return self._combination(key, entry.value)
        attribute = self._attributes.get(key)
        if attribute is None:
            self._problems.add_unknown(entry.line, "attribute", key, self._attributes)
            return _undecided
        return self._test(attribute, entry.value)

    def _combination(self, key: str, tree: Tree) -> Condition:
        if not isinstance(tree, Listing) or not tree.items:
            return self._refuse(tree, f'"{key}" needs a list of conditions')
        return _join(conjoin if key == "all" else disjoin, [self.condition(item) for item in tree.items])

    def _test(self, attribute: Attribute, tree: Tree) -> Condition:
        if not isinstance(tree, Mapping):
            return self._operator(attribute, "in" if isinstance(tree, Listing) else "equals", Entry(tree.line, tree))
        if not tree.entries:
            return self._refuse(tree, f'"{attribute.name}" needs a value or an operator')
        tests = [self._operator(attribute, name, entry) for name, entry in tree.entries.items()]
        return _join(conjoin, tests)

    def _operator(self, attribute: Attribute, name: str, entry: Entry) -> Condition:
        fitting = [each.name for each in operators_for(attribute.shape)]
        if name in fitting:
            operator = OPERATORS[name]
            return operator.bind(attribute, self._operand(attribute, operator, entry.value))
        if name not in OPERATORS:
            self._problems.add_unknown(entry.line, "operator", name, fitting)
            return _undecided
        advice = f"use {', '.join(fitting)}" if fitting else f'ask for what is in it: "{attribute.name}.…"'
        self._problems.add(entry.line, f'"{attribute.name}" can not be tested by "{name}"; {advice}')
        return _undecided

    def _operand(self, attribute: Attribute, operator: Operator, tree: Tree) -> Operand:
        match operator.operand:
            case "condition":
                item = attribute.shape.item
                assert item is not None
                assert item.struct is not None
                return compile_condition(tree, item.struct, self._problems)
            case "values":
                return self._values(attribute, tree)
            case "value":
                return self._value(attribute, tree)
        value = tree.value if isinstance(tree, Leaf) else None
        needed, types = _NEEDED[operator.operand]
        if value is None or not isinstance(value, types) or isinstance(value, bool) is not (types is bool):
            return self._refuse(tree, f'"{operator.name}" needs {needed}, but this is {tree.kind}')
        return self._pattern(tree, str(value)) if operator.operand == "pattern" else value

    def _values(self, attribute: Attribute, tree: Tree) -> Operand:
        if not isinstance(tree, Listing) or not tree.items:
            return self._refuse(tree, f'"{attribute.name}" needs a list of values here')
        values = [self._value(attribute, item) for item in tree.items]
        return frozenset(value for value in values if isinstance(value, str | int | float))

    def _value(self, attribute: Attribute, tree: Tree) -> Scalar | Condition:
        shape = attribute.shape.item or attribute.shape
        value = tree.value if isinstance(tree, Leaf) else None
        if value is not None and shape.admits(value):
            return value
        if isinstance(value, str) and shape.choices and not shape.scalars:
            self._problems.add_unknown(tree.line, f'value of "{attribute.name}":', value, shape.choices)
            return _undecided
        return self._refuse(tree, f'"{attribute.name}" is {shape.describe()}, but this is {tree.kind}')

    def _pattern(self, tree: Tree, pattern: str) -> Operand:
        try:
            return compile_pattern(pattern)
        except UnsafePatternError as error:
            return self._refuse(tree, str(error))

    def _refuse(self, tree: Tree, text: str) -> Condition:
        """Note a problem; what is returned stands for what was wrong and is never asked, since loading then fails."""
        self._problems.add(tree.line, text)
        return _undecided


_NEEDED: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "text": ("a text", str),
    "pattern": ("a regular expression", str),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", bool),
}


def _undecided(_subject: object) -> Truth:
    return None


def _join(join: Callable[[Iterable[Truth]], Truth], conditions: list[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    return lambda subject: join(condition(subject) for condition in conditions)
