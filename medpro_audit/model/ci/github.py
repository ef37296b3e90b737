"""The steps of a GitHub workflow, composite actions of the repository included.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING

from msgspec.structs import replace

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.model.ci.step import CiStep, script_steps
from medpro_audit.model.modules.paths import joined

if TYPE_CHECKING:
    import yaml

_AUTOMATIC = frozenset(("push", "pull_request", "pull_request_target", "merge_group"))
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_COMMAND_INPUTS = ("command", "build", "start", "run")
"""Inputs by which actions take a command, such as those of ``cypress-io/github-action``."""
_MAX_VARIANTS = 20
_MAX_COMPOSITES = 2
"""Composite actions in composite actions."""

Asset = Callable[[str], bytes | None]


def github_steps(
    path: str, root: yaml.Node | None, workflows: Mapping[str, bytes], read_asset: Asset
) -> Iterator[CiStep]:
    """The steps of one workflow; a job that is described in another repository is an action."""
    top = entries_of(root)
    is_automatic = _starts_by_itself(top.get("on")) or _is_called(path, top.get("on"), workflows)
    for job in entries_of(top.get("jobs")).values():
        fields = entries_of(job)
        called = text_of(fields.get("uses"))
        if called and not called.startswith("./"):
            line = line_of(fields["uses"])
            yield CiStep(path, line, "", action=called.partition("@")[0], is_automatic=is_automatic)
        for step in _job(path, fields, _default_folder(top), read_asset):
            yield replace(step, is_automatic=is_automatic)


def _starts_by_itself(events: yaml.Node | None) -> bool:
    names = {text_of(events), *map(text_of, items_of(events))}
    for name, filters in entries_of(events).items():
        keys = entries_of(filters)
        if not (name == "push" and "tags" in keys and "branches" not in keys):  # only for releases
            names.add(name)
    return not _AUTOMATIC.isdisjoint(name for name in names if name)


def _is_called(path: str, events: yaml.Node | None, workflows: Mapping[str, bytes]) -> bool:
    """Whether another workflow that starts by itself runs this one."""
    if "workflow_call" not in {text_of(events), *map(text_of, items_of(events)), *entries_of(events)}:
        return False
    callers = (one for one, content in workflows.items() if one != path and f"./{path}".encode() in content)
    roots = (read_node(one, workflows[one]) for one in callers)
    return any(_starts_by_itself(entries_of(root).get("on")) for root in roots if not isinstance(root, Notice))


def _default_folder(fields: Mapping[str, yaml.Node]) -> str:
    return text_of(entries_of(entries_of(fields.get("defaults")).get("run")).get("working-directory")) or ""


def _job(path: str, fields: Mapping[str, yaml.Node], folder: str, read_asset: Asset) -> Iterator[CiStep]:
    folder = _default_folder(fields) or folder
    is_binding = text_of(fields.get("continue-on-error")) != "true"
    matrix = {
        name: [text for item in items_of(values) if (text := text_of(item))]
        for name, values in entries_of(entries_of(fields.get("strategy")).get("matrix")).items()
    }
    for node in items_of(fields.get("steps")):
        for step in _step(path, node, folder, read_asset):
            bound = replace(step, is_binding=step.is_binding and is_binding)
            yield from _variants(bound, matrix)


def _step(path: str, node: yaml.Node, folder: str, read_asset: Asset, *, depth: int = 0) -> Iterator[CiStep]:
    fields = entries_of(node)
    is_binding = text_of(fields.get("continue-on-error")) != "true"
    folder = text_of(fields.get("working-directory")) or folder
    if "run" in fields:
        yield from script_steps(path, fields["run"], folder, is_binding=is_binding)
    action = (text_of(fields.get("uses")) or "").partition("@")[0]
    if action.startswith("./") and depth < _MAX_COMPOSITES:
        for step in _composite(joined("", action), folder, read_asset, depth):
            # What a reader looks for is where the workflow uses it.
            yield replace(step, file=path, line=line_of(node))
    elif action:
        yield CiStep(file=path, line=line_of(node), text="", folder=folder, action=action, is_binding=is_binding)
        inputs = entries_of(fields.get("with"))
        inside = text_of(inputs.get("working-directory")) or folder
        for name in _COMMAND_INPUTS:
            if name in inputs:
                yield from script_steps(path, inputs[name], inside, is_binding=is_binding)


def _composite(folder: str, run_in: str, read_asset: Asset, depth: int) -> Iterator[CiStep]:
    for name in ("action.yml", "action.yaml"):
        content = read_asset(f"{folder}/{name}")
        root = read_node(f"{folder}/{name}", content) if content is not None else None
        if not isinstance(root, Notice):
            for node in items_of(entries_of(entries_of(root).get("runs")).get("steps")):
                yield from _step(f"{folder}/{name}", node, run_in, read_asset, depth=depth + 1)


def _variants(step: CiStep, matrix: Mapping[str, list[str]]) -> Iterator[CiStep]:
    """The step for each value of the matrix that its text or folder names."""
    names = [name for name in dict.fromkeys(_MATRIX.findall(step.text + step.folder)) if matrix.get(name)]
    for values in islice(product(*(matrix[name] for name in names)), _MAX_VARIANTS):
        chosen = dict(zip(names, values, strict=True))
        yield replace(step, text=_chosen(step.text, chosen), folder=_chosen(step.folder, chosen))


def _chosen(text: str, values: Mapping[str, str]) -> str:
    return _MATRIX.sub(lambda found: values.get(found[1], found[0]), text)
