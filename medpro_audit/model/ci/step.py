"""One step of a CI workflow, as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.core.yaml_nodes import line_of, text_of

if TYPE_CHECKING:
    import yaml


class CiStep(Struct, frozen=True):
    """One step of a CI workflow, as it is written."""

    file: str
    line: int
    """Of the first line of the text."""
    text: str
    """Shell commands; empty for an action."""
    folder: str = ""
    """Where it is run, relative to the repository's root."""
    action: str = ""
    """Of GitHub: the action that is used, without its version."""
    is_binding: bool = True
    """Its failure fails the run."""
    is_automatic: bool = True
    """It runs when code is pushed or a pull request opened, not only by hand, by the clock or for a release."""


def script_steps(
    path: str, node: yaml.Node, folder: str, *, is_binding: bool, is_automatic: bool = True
) -> Iterator[CiStep]:
    """The step of a scalar; the text of a block (``|``) begins on the line below its mark."""
    text = text_of(node)
    if text:
        line = line_of(node) + (getattr(node, "style", None) in {"|", ">"})
        yield CiStep(file=path, line=line, text=text, folder=folder, is_binding=is_binding, is_automatic=is_automatic)
