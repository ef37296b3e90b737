"""Reads YAML that nobody vouches for into nodes that know their lines.

Aliases stay references to one node, so that an alias bomb has nothing to blow up; nothing is constructed from tags.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 64_000
"""A larger file is not read: PyYAML is slow."""
MAX_DEPTH = 100
"""Brackets in brackets; PyYAML's time grows with the square of them."""


def read_node(path: str, content: bytes) -> yaml.Node | Notice | None:
    """Compose the only document of a file; None when it is empty, a notice when it can't be read."""
    import yaml  # noqa: PLC0415 - few repositories need it

    if len(content) > MAX_BYTES:
        return Notice("limit", f"not read: larger than {MAX_BYTES:,} bytes", Place(path, 0))
    if _depth(content) > MAX_DEPTH:
        return Notice("limit", "not read: nested too deeply", Place(path, 0))
    try:
        node: yaml.Node | None = yaml.compose(content, _loader())
    except RecursionError:
        return Notice("limit", "not read: nested too deeply", Place(path, 0))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return Notice("configuration", f"not read: malformed YAML, {error.problem}", Place(path, line))
    except (yaml.YAMLError, ValueError):
        return Notice("configuration", "not read: malformed YAML", Place(path, 0))
    return node


@cache
def _loader() -> type[yaml.BaseLoader | yaml.CBaseLoader]:
    """Parses in C, ten times faster; composes in Python, since PyYAML's composer in C crashes on deep nesting."""
    import yaml  # noqa: PLC0415 - few repositories need it

    if not hasattr(yaml, "CBaseLoader"):  # it was built without libyaml
        return yaml.BaseLoader

    class Loader(yaml.composer.Composer, yaml.CBaseLoader):
        def __init__(self, stream: bytes) -> None:
            yaml.CBaseLoader.__init__(self, stream)
            yaml.composer.Composer.__init__(self)

    return Loader


def _depth(content: bytes) -> int:
    """How deep brackets are nested, those in texts counted too."""
    depth = deepest = 0
    for byte in content:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth = max(depth - 1, 0)
    return deepest


def entries_of(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The entries of a mapping by key, those that ``<<`` takes over included; empty for any other node."""
    found: dict[str, yaml.Node] = {}
    waiting = [node] if node is not None and not items_of(node) else []
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen or not isinstance(current.value, list):
            continue
        seen.add(id(current))
        for entry in current.value:
            if not isinstance(entry, tuple):  # ``<<`` takes over several mappings
                waiting.append(entry)
            elif entry[0].value == "<<":
                waiting.append(entry[1])
            elif isinstance(entry[0].value, str):
                found.setdefault(entry[0].value, entry[1])
    return found


def text_of(node: yaml.Node | None) -> str | None:
    """The text of a scalar; None for any other node."""
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else None


def items_of(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a sequence; empty for any other node."""
    value = node.value if node is not None else None
    return [item for item in value if not isinstance(item, tuple)] if isinstance(value, list) else []


def line_of(node: yaml.Node) -> int:
    """1-based line on which a node begins."""
    return int(node.start_mark.line) + 1
