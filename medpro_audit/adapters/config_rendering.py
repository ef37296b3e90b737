"""Writes configurations as TOML that a person likes to read."""

import json
from collections.abc import Callable, Iterator, Sequence
from textwrap import fill

from msgspec import inspect

from medpro_audit.adapters.config import DEFAULT_ORIGIN, LoadedConfig
from medpro_audit.adapters.config_check import KeyPath, bare, dotted, example_of, fields_of, quoted
from medpro_audit.core.config import Config
from medpro_audit.core.docstrings import attribute_docs
from medpro_audit.rules.problems import shorten

_WIDTH = 100

Note = Callable[[KeyPath], str | None]
"""Why a key is written as a value that holds; None for one that is only shown, behind a ``#``."""


def render_effective(loaded: LoadedConfig) -> str:
    """The effective configuration as TOML, each value with where it comes from; loaded, it gives the same again."""

    def note(key: KeyPath) -> str:
        origin = loaded.origins.get(dotted(key), DEFAULT_ORIGIN)
        return origin if origin == DEFAULT_ORIGIN else f"from {shorten(origin)}"

    heading = "# The effective configuration of medpro-audit. Behind each value: where it comes from."
    return _render(heading, loaded.config, note)


def render_commented(config: Config, reasons: dict[KeyPath, str], remarks: Sequence[str] = ()) -> str:
    """A file to begin with: the keys that have a reason are set, all others are shown behind a ``#``."""
    about = "Configuration of medpro-audit. Every key may be left out; behind a # stand defaults and examples."
    heading = "\n#\n".join(_wrapped(text) for text in (about, *remarks))
    return _render(heading, config, lambda key: shorten(reasons[key]) if key in reasons else None)


def toml_value(value: object) -> str:
    """A value in TOML; a list that is too long for one line has one line an item."""
    if isinstance(value, list | tuple):
        items = [toml_value(item) for item in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= _WIDTH else "\n".join(["[", *(f"    {item}," for item in items), "]"])
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def _render(heading: str, config: Config, note: Note) -> str:
    writer = _Writer(note)
    docs = attribute_docs(Config)
    blocks = [heading]
    for name, field in fields_of(inspect.type_info(Config)).items():
        blocks += writer.tables((name,), field.type, getattr(config, field.name), docs[field.name])
    return "\n\n".join(blocks) + "\n"


class _Writer:
    def __init__(self, note: Note) -> None:
        self._note = note

    def tables(self, key: KeyPath, kind: inspect.Type, value: object, documentation: str) -> Iterator[str]:
        """A table, then the tables in it; one that is not set is shown behind ``#``, with defaults and examples."""
        table, head = bare(kind), f"[{dotted(key)}]"
        if isinstance(table, inspect.DictType):
            lines = [head, *self._entries(key, value)] if value else [_comment(f"{head}\n{_example(kind)}")]
            yield "\n".join([_wrapped(documentation), *lines])
        elif isinstance(table, inspect.StructType) and value is None:
            unset = _Writer(lambda _: None)
            first, *inner = unset.tables(key, kind, table.cls(), documentation)
            yield first.replace(head, f"# {head}", 1)
            yield from inner
        elif isinstance(table, inspect.StructType):
            yield from self._struct(key, table, value, _wrapped(documentation))

    def _struct(self, key: KeyPath, table: inspect.StructType, value: object, documentation: str) -> Iterator[str]:
        docs = attribute_docs(table.cls)
        lines = [documentation, f"[{dotted(key)}]"]
        inner: list[str] = []
        for field in table.fields:
            path, held = (*key, field.encode_name), getattr(value, field.name)
            if isinstance(bare(field.type), inspect.DictType):
                inner += self.tables(path, field.type, held, docs[field.name])
            else:
                lines += [_wrapped(docs[field.name]), self._setting(path, field.type, held)]
        yield "\n".join(lines)
        yield from inner

    def _entries(self, key: KeyPath, value: object) -> list[str]:
        return [self._line((*key, name), held) for name, held in value.items()] if isinstance(value, dict) else []

    def _setting(self, key: KeyPath, kind: inspect.Type, value: object) -> str:
        if value is None:
            return _comment(f"Not set; for example:\n{key[-1]} = {toml_value(example_of(kind))}")
        return self._line(key, value)

    def _line(self, key: KeyPath, value: object) -> str:
        line, reason = f"{dotted(key[-1:])} = {toml_value(value)}", self._note(key)
        return f"{line}  # {reason}" if reason else _comment(line)


def _example(kind: inspect.Type) -> str:
    example = example_of(kind)
    entries = example.items() if isinstance(example, dict) else ()
    return "\n".join(f"{dotted([name])} = {toml_value(held)}" for name, held in entries)


def _wrapped(documentation: str) -> str:
    return _comment(fill(documentation.replace("``", "`"), _WIDTH))


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.split("\n"))
