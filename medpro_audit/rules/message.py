"""The message of a rule: a sentence with ``{{ attribute }}`` in it. No expressions, no filters, nothing evaluated."""

import re
from collections.abc import Callable

from msgspec import Struct

from medpro_audit.model.subjects import EnvironmentValue
from medpro_audit.rules.attributes import Shape, attributes_of
from medpro_audit.rules.problems import FileProblems, shorten

_VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


class Message(Struct, frozen=True):
    """A proved message."""

    text: str
    """As it is written."""
    parts: tuple[str | Callable[[object], object], ...]

    def render(self, subject: object) -> str:
        """Write the message for one subject."""
        return "".join(part if isinstance(part, str) else _written(part(subject)) for part in self.parts)


def compile_message(text: str, declared: type[Struct], line: int, problems: FileProblems) -> Message:
    """Prove a message on subjects of a type; it is of no use when ``problems`` were noted."""
    attributes = attributes_of(declared)
    printable = [name for name, attribute in attributes.items() if _is_printable(attribute.shape)]
    parts: list[str | Callable[[object], object]] = []
    for index, part in enumerate(_VARIABLE.split(text)):
        if index % 2 == 0:
            parts.append(part)
            if "{{" in part or "}}" in part:
                problems.add(line, f'"{shorten(part)}": a variable is written "{{{{ name }}}}" and has no filters')
        elif part in printable:
            parts.append(attributes[part].read)
        else:
            problems.add_unknown(line, "variable", part, printable)
    return Message(text, tuple(parts))


def _is_printable(shape: Shape) -> bool:
    return shape.has_scalar or (shape.item is not None and shape.item.has_scalar)


def _written(value: object) -> str:
    """Write a value as a reader expects it, on one line."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(shorten(str(item)) for item in value) or "nothing"
        case EnvironmentValue():
            return f"process.env.{shorten(value.env)}"
    return shorten(str(value))
