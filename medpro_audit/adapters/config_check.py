"""Proves a raw configuration against the types of `Config`: everything that is wrong with it, in words."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from msgspec import Struct, inspect

from medpro_audit.adapters.ignoring import pattern_problem
from medpro_audit.core.config import Config
from medpro_audit.core.nearest import nearest
from medpro_audit.model.subjects import Role
from medpro_audit.rules.problems import shorten

KeyPath = tuple[str, ...]

ROLES: tuple[str, ...] = get_args(Role)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Fault(Struct, frozen=True):
    """Something wrong with one key: what, and what to do next."""

    key: KeyPath
    message: str


def find_faults(raw: object) -> list[Fault]:
    """Everything that keeps a raw configuration from being a `Config`, in its own order."""
    return list(_faults(raw, inspect.type_info(Config), ()))


def known_keys() -> tuple[KeyPath, ...]:
    """Every key that has a field of its own, tables included."""
    return tuple(_keys(inspect.type_info(Config), ()))


def leaf_keys() -> tuple[KeyPath, ...]:
    """Every key that holds a value rather than other known keys."""
    keys = known_keys()
    tables = {key[:-1] for key in keys}
    return tuple(key for key in keys if key not in tables)


def dotted(key: Iterable[str]) -> str:
    """The key as it is written in TOML: ``rules.severity."zod/unvalidated-body"``."""
    return ".".join(part if _BARE_KEY.fullmatch(part) else quoted(part) for part in key)


def quoted(text: str) -> str:
    """A TOML string on one line; JSON writes the same but for one control character and pairs of surrogates."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def fields_of(kind: inspect.Type) -> dict[str, inspect.Field]:
    """Fields of a struct type, or of a struct that may be left out, by key; none for other types."""
    kind = bare(kind)
    return {field.encode_name: field for field in kind.fields} if isinstance(kind, inspect.StructType) else {}


def bare(kind: inspect.Type) -> inspect.Type:
    """The type without ``| None`` and without what is said about it."""
    kind = _required(kind)
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def example_of(kind: inspect.Type) -> object:
    """The example that a type is declared with; None when there is none."""
    kind = _required(kind)
    examples = (kind.extra_json_schema or {}).get("examples") if isinstance(kind, inspect.Metadata) else None
    return examples[0] if examples else None


def _required(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.UnionType):
        return next(option for option in kind.types if not isinstance(option, inspect.NoneType))
    return kind


def _keys(kind: inspect.Type, key: KeyPath) -> Iterator[KeyPath]:
    for name, field in fields_of(kind).items():
        yield (*key, name)
        yield from _keys(field.type, (*key, name))


def _faults(value: object, kind: inspect.Type, key: KeyPath) -> Iterator[Fault]:
    if value is None and isinstance(kind, inspect.UnionType):
        return  # a null in JSON
    table = bare(kind)
    if isinstance(table, inspect.StructType | inspect.DictType):
        yield from _table_faults(value, table, key)
    elif isinstance(table, inspect.VarTupleType):
        yield from _list_faults(value, table, key)
    elif message := _leaf_fault(value, _required(kind)):
        yield Fault(key, message)


def _table_faults(value: object, kind: inspect.StructType | inspect.DictType, key: KeyPath) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(key, f"expected a table, got {_described(value)}; write [{dotted(key) or 'scan'}] above its keys")
        return
    fields = fields_of(kind)
    for name, inner in value.items():
        path = (*key, name)
        if isinstance(kind, inspect.DictType):
            if _leaf_fault(name, kind.key_type):
                known = [str(word) for word in getattr(kind.key_type, "values", ())]
                yield Fault(path, f"unknown key{_meant(name, key, known)}; correct or remove it")
            yield from _faults(inner, kind.value_type, path)
        elif name in fields:
            yield from _faults(inner, fields[name].type, path)
        else:
            yield Fault(path, f"unknown key{_meant(name, key, fields)}; correct or remove it")


def _list_faults(value: object, kind: inspect.VarTupleType, key: KeyPath) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(key, f"expected a list, got {_described(value)}; put it in [ ]")
        return
    for number, item in enumerate(value, start=1):
        if message := _leaf_fault(item, kind.item_type):
            yield Fault(key, f"item {number}: {message}")


def _leaf_fault(value: object, kind: inspect.Type) -> str | None:
    if isinstance(kind, inspect.Metadata):
        return _leaf_fault(value, kind.type) or _vocabulary_fault(str(value), kind)
    if isinstance(kind, inspect.LiteralType):
        return None if value in kind.values else _not_one_of(value, [str(known) for known in kind.values])
    if _is_of(value, kind):
        return None
    return f"expected {_expected(kind)}, got {_described(value)}; correct it, or remove the key"


def _is_of(value: object, kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.StrType):
        return isinstance(value, str) and len(value) >= (kind.min_length or 0)
    if isinstance(kind, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(kind, inspect.IntType):
        return isinstance(value, int) and _is_between(value, kind.ge, kind.le)
    return isinstance(kind, inspect.FloatType) and _is_between(value, kind.ge, kind.le)


def _is_between(value: float, least: float | None, most: float | None) -> bool:
    return least is not None and most is not None and least <= value <= most


def _expected(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        noun = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
        return f"{noun} from {kind.ge:,} to {kind.le:,}"
    if isinstance(kind, inspect.BoolType):
        return "true or false"
    return "text that is not empty" if isinstance(kind, inspect.StrType) and kind.min_length else "text"


def _vocabulary_fault(value: str, kind: inspect.Metadata) -> str | None:
    """What is wrong with a text that the type alone doesn't prove; the type names the vocabulary in a comment."""
    vocabulary = (kind.extra_json_schema or {}).get("$comment")
    if vocabulary == "role" and value not in ROLES:
        return _not_one_of(value, ROLES)
    if vocabulary == "pattern" and (problem := pattern_problem(value)):
        return f'"{shorten(value)}" can\'t be used: {problem}; write it as a line of .gitignore'
    return None


def _not_one_of(value: object, known: Iterable[str]) -> str:
    words = sorted(known)
    similar = nearest(str(value), words)
    hint = f'nearest known value "{similar}"' if similar else f"known values: {', '.join(words)}"
    return f"{_described(value)} is unknown; {hint}; correct or remove it"


def _meant(name: str, table: KeyPath, siblings: Collection[str]) -> str:
    """Which known key is meant: the same word in another table before a similar one in this."""
    elsewhere = next((key for key in known_keys() if key[-1] == name), None)
    similar = nearest(name, siblings)
    meant = elsewhere or ((*table, similar) if similar else None)
    return f'; nearest known key "{dotted(meant)}"' if meant else f"; known keys: {', '.join(sorted(siblings))}"


def _described(value: object) -> str:
    if isinstance(value, str):
        return f'"{shorten(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return shorten(str(value))
    words = {dict: "a table", list: "a list", type(None): "null"}
    return words.get(type(value), "a date or time")
