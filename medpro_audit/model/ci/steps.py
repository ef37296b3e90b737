"""The steps of the CI files of a repository, of every system that is known."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.model.ci.github import github_steps
from medpro_audit.model.ci.jenkins import jenkins_steps
from medpro_audit.model.ci.step import CiStep, script_steps

if TYPE_CHECKING:
    import yaml

MAX_FILES = 200
"""Further CI files are not read."""

_MAX_DEPTH = 20
_GITHUB = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_JENKINS = re.compile(
    r"Jenkinsfile(?:\.[\w-]+)?|[\w-]+\.[Jj]enkinsfile|\.?jenkins/[\w.-]+|(?:ci|\.ci)/Jenkinsfile[\w.-]*"
)
_BUILD = re.compile(r"cloudbuild[\w.-]*\.ya?ml")
_UNREAD = re.compile(
    r"(?:\.?(?:ci|concourse)/)(?:[\w-]+/)?[\w.-]*pipelines?[\w.-]*\.ya?ml|(?:\.concourse|concourse)/[\w.-]+\.ya?ml"
    r"|pipeline\.ya?ml|\.tekton/[\w.-]+\.ya?ml|\.teamcity/.+|bamboo-specs/.+|\.harness/.+|\.builds/[\w.-]+\.ya?ml"
    r"|\.drone\.(?:star|jsonnet)|\.buildkite/(?!.*\.ya?ml$).+|\.gitlab-ci/.+|wercker\.ya?ml|screwdriver\.ya?ml"
    r"|codeship-steps\.ya?ml|[\w.-]*\.gocd\.ya?ml|dagger\.json|Earthfile|\.prow\.ya?ml|\.zuul\.ya?ml|zuul\.d/.+"
)
"""Files of systems that are not read: what is not found may stand there."""
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
        (r"\.drone\.ya?ml|\.woodpecker\.ya?ml|\.woodpecker/[^/]+\.ya?ml", ("commands",)),
        (r"\.?appveyor\.ya?ml", ("install", "before_build", "build_script", "before_test", "test_script")),
        (r"\.semaphore/[^/]+\.ya?ml|codefresh\.ya?ml|buildspec[\w.-]*\.ya?ml", ("commands",)),
        (
            r"\.cirrus\.ya?ml",
            ("script", "test_script", "lint_script", "check_script", "build_script", "install_script"),
        ),
    )
)
"""Files of the systems whose commands stand under known keys wherever those are, with these keys."""
_ANY_FILE = re.compile(
    r"(?:^|/)(?:\.github/workflows/|\.gitlab-ci|\.gitlab/ci/|azure-pipelines|\.azure|\.circleci/|\.travis|bitbucket-pipelines"
    r"|\.buildkite/|\.drone|\.woodpecker|\.?appveyor|Jenkinsfile|\.(?:gitea|forgejo)/workflows/|\.semaphore/|codefresh"
    r"|buildspec|cloudbuild|\.cirrus)"
)
"""Where the files of CI stand."""
_ELSEWHERE = frozenset(("template", "plugins"))
"""Steps of Azure that stand in another file, and those of Buildkite that a plugin runs."""
_FOLDER_KEYS = ("working_directory", "workingDirectory", "workingDir")


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
    steps += (_unread(path) for path in paths if _UNREAD.fullmatch(path))
    for path, content in contents.items():
        if _JENKINS.fullmatch(path):
            steps += jenkins_steps(path, content)
            continue
        root = read_node(path, content)
        if isinstance(root, Notice):
            notices.append(root)
        elif _BUILD.fullmatch(path):
            steps += _cloud_build(path, root)
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
    return any(pattern.fullmatch(path) for pattern in (_GITHUB, _JENKINS, _BUILD)) or any(
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
        elif key in _ELSEWHERE:
            yield CiStep(path, line_of(inner), "", action=key)
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


def _cloud_build(path: str, root: yaml.Node | None) -> Iterator[CiStep]:
    """https://cloud.google.com/build/docs/build-config-file-schema: an image, its entry point and arguments."""
    for step in items_of(entries_of(root).get("steps")):
        fields = entries_of(step)
        image = (text_of(fields.get("name")) or "").rpartition("/")[2].partition(":")[0]
        program = text_of(fields.get("entrypoint")) or image
        words = [text_of(word) or "" for word in items_of(fields.get("args"))]
        folder = text_of(fields.get("dir")) or ""
        yield from script_steps(path, fields["script"], folder, is_binding=True) if "script" in fields else ()
        if program and "script" not in fields:
            yield CiStep(file=path, line=line_of(step), text=shlex.join((program, *words)), folder=folder)


def _included(path: str, root: yaml.Node | None) -> Iterator[CiStep]:
    """What stands elsewhere: GitLab's ``include``, CircleCI's orbs, templates of Azure, imports of others."""
    top: Mapping[str, yaml.Node] = entries_of(root)
    for key in ("include", "orbs", "extends", "import"):
        if key in top:
            yield CiStep(path, line_of(top[key]), "", action=key)


def _unread(path: str) -> CiStep:
    return CiStep(path, 1, "", action="unread")
