"""The steps of the CI files of a repository, of every system that is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.model.ci.github import github_steps
from medpro_audit.model.ci.step import CiStep, script_steps

if TYPE_CHECKING:
    import yaml

MAX_FILES = 200
"""Further CI files are not read."""

_MAX_DEPTH = 20
_GITHUB = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_JENKINS = re.compile(r"Jenkinsfile(?:\.[\w-]+)?")
_TEXTS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset(keys))
    for pattern, keys in (
        (r"\.gitlab-ci\.ya?ml|\.gitlab/ci/[^/]+\.ya?ml", ("before_script", "script", "after_script")),
        (
            r"azure-pipelines[\w.-]*\.ya?ml|\.azure(?:-pipelines)?/[^/]+\.ya?ml",
            ("script", "bash", "pwsh", "powershell"),
        ),
        (r"\.circleci/config\.ya?ml", ("run",)),
        (r"\.travis\.ya?ml", ("before_install", "install", "before_script", "script")),
        (r"bitbucket-pipelines\.ya?ml", ("script",)),
        (r"\.buildkite/[\w.-]*pipeline[\w.-]*\.ya?ml", ("command", "commands")),
        (r"\.semaphore/[\w.-]+\.ya?ml|codefresh\.ya?ml", ("commands",)),
        (r"\.cirrus\.ya?ml", ("script", "install_script", "lint_script", "test_script")),
        (r"\.drone\.ya?ml|\.woodpecker\.ya?ml|\.woodpecker/[^/]+\.ya?ml", ("commands",)),
        (r"\.?appveyor\.ya?ml", ("install", "before_build", "build_script", "before_test", "test_script")),
    )
)
"""Files of the systems whose commands stand under known keys wherever those are, with these keys."""
_ANY_FILE = re.compile(
    r"(?:^|/)(?:\.(?:github|gitea|forgejo)/workflows/|\.semaphore/|codefresh\.|\.cirrus\.|\.gitlab-ci|\.gitlab/ci/|azure-pipelines|\.azure|\.circleci/|\.travis|bitbucket-pipelines"
    r"|\.buildkite/|\.drone|\.woodpecker|\.?appveyor|Jenkinsfile)"
)
"""Where the files of CI stand."""
_FOLDER_KEYS = ("working_directory", "workingDirectory", "workingDir")
_SHELL = re.compile(
    r"\b(?:sh|bat|powershell|pwsh)\b[ \t(]*(?:script[ \t]*:[ \t]*)?(?P<quote>'''|\"\"\"|'|\")(?P<text>.*?)(?P=quote)",
    re.DOTALL,
)


class CiFiles(Struct, frozen=True):
    """What was read of all CI files."""

    files: tuple[str, ...]
    steps: tuple[CiStep, ...]
    notices: tuple[Notice, ...]


def unread_file(notices: Iterable[Notice]) -> str | None:
    """The first CI file that could not be read as a whole: what is not found may stand there."""
    files = {notice.place.file for notice in notices if notice.place is not None}
    return next((file for file in sorted(files) if _ANY_FILE.search(file)), None)


def read_ci_files(paths: Collection[str], read_asset: Callable[[str], bytes | None]) -> CiFiles:
    """Read the CI files among these paths."""
    contents = {path: content for path in ci_paths(paths)[:MAX_FILES] if (content := read_asset(path)) is not None}
    steps: list[CiStep] = []
    notices: list[Notice] = []
    for path, content in contents.items():
        if _JENKINS.fullmatch(path):
            steps += _jenkins(path, content)
            continue
        root = read_node(path, content)
        if isinstance(root, Notice):
            notices.append(root)
        elif _GITHUB.fullmatch(path):
            steps += github_steps(path, root, contents, read_asset)
        else:
            steps += _written(path, root)
            steps += _included(path, root)
    return CiFiles(tuple(contents), tuple(steps), tuple(notices))


def ci_paths(paths: Collection[str]) -> list[str]:
    """The files among these that steer a CI system, sorted."""
    return sorted(path for path in paths if _is_ci(path))


def _is_ci(path: str) -> bool:
    return bool(_GITHUB.fullmatch(path) or _JENKINS.fullmatch(path)) or any(
        pattern.fullmatch(path) for pattern, _ in _TEXTS
    )


def _written(path: str, root: yaml.Node | None) -> Iterator[CiStep]:
    keys = next(keys for pattern, keys in _TEXTS if pattern.fullmatch(path))
    top = entries_of(root)
    yield from _in_node(path, root, keys, is_binding=True, depth=0)
    if ".travis" in path and text_of(top.get("language")) == "node_js" and "script" not in top:
        yield CiStep(file=path, line=line_of(top["language"]), text="npm test")  # what Travis runs by itself


def _in_node(
    path: str, node: yaml.Node | None, keys: frozenset[str], *, is_binding: bool, depth: int
) -> Iterator[CiStep]:
    """Commands under known keys, in a node and all below it."""
    if depth > _MAX_DEPTH:
        return
    fields = entries_of(node)
    is_binding = is_binding and text_of(fields.get("allow_failure")) != "true"
    is_binding = is_binding and text_of(fields.get("continueOnError")) != "true"
    folder = next((text for key in _FOLDER_KEYS if (text := text_of(fields.get(key)))), "")
    for key, inner in fields.items():
        if key in keys:
            yield from _commands(path, inner, folder, is_binding=is_binding)
        elif key == "inputs" and "task" in fields:
            yield from _azure_task(path, text_of(fields["task"]) or "", inner)
        else:
            yield from _in_node(path, inner, keys, is_binding=is_binding, depth=depth + 1)
    for item in items_of(node):
        yield from _in_node(path, item, keys, is_binding=is_binding, depth=depth + 1)


def _commands(path: str, node: yaml.Node, folder: str, *, is_binding: bool) -> Iterator[CiStep]:
    """A text, a list of texts, or CircleCI's mapping with ``command``."""
    inner = entries_of(node)
    if inner:
        folder = next((text for key in _FOLDER_KEYS if (text := text_of(inner.get(key)))), folder)
        node = inner.get("command", node)
    items = items_of(node)
    for item in (node, *items, *(inner for outer in items for inner in items_of(outer))):
        if text_of(item) is not None:
            yield from script_steps(path, item, folder, is_binding=is_binding)


def _azure_task(path: str, task: str, node: yaml.Node) -> Iterator[CiStep]:
    """https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/npm-v1 and its likes."""
    inputs = entries_of(node)
    folder = next((text for key in _FOLDER_KEYS if (text := text_of(inputs.get(key)))), "")
    name = task.partition("@")[0].lower()
    words = text_of(inputs.get("customCommand")) or text_of(inputs.get("arguments")) or text_of(inputs.get("command"))
    if name in {"npm", "yarn"} and words:
        yield CiStep(file=path, line=line_of(node), text=f"{name} {words}", folder=folder)


def _included(path: str, root: yaml.Node | None) -> Iterator[CiStep]:
    """GitLab's ``include`` of what stands in another project, and CircleCI's orbs."""
    top: Mapping[str, yaml.Node] = entries_of(root)
    for key in ("include", "orbs"):
        if key in top:
            yield CiStep(path, line_of(top[key]), "", action=key)


def _jenkins(path: str, content: bytes) -> Iterator[CiStep]:
    text = content.decode("utf-8", "replace")
    for found in _SHELL.finditer(text):
        yield CiStep(file=path, line=text.count("\n", 0, found.start()) + 1, text=found["text"])
