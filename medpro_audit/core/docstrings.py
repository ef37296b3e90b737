"""The docstrings under the fields of our own types, which are their documentation in schemas and help."""

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent


@cache
def attribute_docs(declared: type) -> dict[str, str]:
    """Read the docstring of each field and property of a class, its bases included, on one line each."""
    documented: dict[str, str] = {}
    for base in reversed(declared.__mro__):
        documented |= _own_docs(base)
    return documented


def _own_docs(declared: type) -> dict[str, str]:
    try:
        source = inspect.getsource(declared)
    except (OSError, TypeError):  # built in, or the sources were not installed: it works, undocumented
        return {}
    definition = ast.parse(dedent(source)).body[0]
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    documented = {
        field.target.id: _text(below)
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }
    documented |= {item.name: ast.get_docstring(item) or "" for item in body if isinstance(item, ast.FunctionDef)}
    return {name: " ".join(text.split()) for name, text in documented.items() if text}


def _text(statement: ast.stmt) -> str:
    """Return the string that a statement consists of; empty for any other statement."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value if isinstance(statement.value.value, str) else ""
    return ""
