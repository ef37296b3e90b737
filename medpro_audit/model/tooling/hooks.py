"""What runs before a commit: husky, lefthook, simple-git-hooks, pre-commit, and what lint-staged runs for them.

https://typicode.github.io/husky, https://github.com/lint-staged/lint-staged#configuration, https://lefthook.dev
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Step
from medpro_audit.core.yaml_nodes import entries_of, items_of, read_node, text_of
from medpro_audit.model.ci.following import Run
from medpro_audit.model.modules.jsonc import Json, as_object, as_texts
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.subjects.tooling_setup import ToolingSetup
from medpro_audit.model.tooling.scope import Scope

_HOOKS = ("pre-commit", "pre-push")
_HUSKY = re.compile(r"(?:.*/)?\.(?:husky|githooks)/(?P<hook>pre-commit|pre-push)")
_HUSKY_OWN = re.compile(r"^\s*(\.|source)\s.*husky\.sh.*$", re.MULTILINE)
_LEFTHOOK = re.compile(r"\.?lefthook(-local)?\.(ya?ml|toml|json)")
_PRE_COMMIT = re.compile(r"\.pre-commit-config\.ya?ml")
_STAGED_FILE = re.compile(
    r"\.lintstagedrc(\..*)?|lint-staged\.config\.[cm]?[jt]s|\.nano-staged(rc)?\..*|nano-staged\..*"
)
_SOURCE_FILE = re.compile(r"[\w./-]+\.(?:[cm]?[jt]s|sh)\b")
_STAGED_PROGRAMS = frozenset(("lint-staged", "nano-staged", "pretty-quick"))
_SIMPLE_FIELDS = {"simple-git-hooks": "simple-git-hooks", "gitHooks": "yorkie", "pre-commit": "pre-commit"}
_CHECKING = frozenset(
    (
        *("eslint", "eslint_d", "biome", "oxlint", "xo", "standard", "ts-standard", "jshint", "tslint"),
        *("prettier", "dprint", "oxfmt", "tsc", "flow", "knip", "jest", "vitest", "mocha", "ava", "tap"),
        *("jasmine", "lint-staged", "nano-staged", "pretty-quick", "validate-branch-name", "secretlint", "gitleaks"),
    )
)
_OPAQUE = frozenset(("grunt", "gulp", "nps", "nx", "turbo", "make", "sh", "task", "lerna", "trunk", "moon", "rush"))


class Hook(Struct, frozen=True):
    """A command that git is meant to run."""

    tool: str
    file: str
    name: str
    text: str
    folder: str
    """Where it runs."""


def commit_hooks(scope: Scope) -> ToolingSetup:
    """What checks the work of a back end before it is committed."""
    hooks = list(_hooks(scope))
    if not hooks:
        problem = _missing(scope)
        return ToolingSetup(scope.file, 1, scope.backend, "commit-hooks", "", is_set_up=False, problem=problem)
    verdicts = [(_verdict(scope, hook), hook) for hook in hooks]
    (is_set_up, problem), hook = min(
        verdicts, key=lambda each: ({True: 0, None: 1, False: 2}[each[0][0]], each[1].file)
    )
    return ToolingSetup(
        file=hook.file,
        line=1,
        backend=scope.backend,
        practice="commit-hooks",
        tool=hook.tool,
        is_set_up=is_set_up,
        problem=problem,
        trail=(Step(hook.file, 1, f"the {hook.name} hook stands here"),),
    )


def hook_runs(scope: Scope) -> Iterator[Run]:
    """Every program that hooks start, those of lint-staged included."""
    for hook in _hooks(scope):
        for run in scope.runs(hook.text, hook.folder):
            yield run
            if run.program in _STAGED_PROGRAMS:
                for text in _staged_commands(scope):
                    yield from scope.runs(text, hook.folder)


def _verdict(scope: Scope, hook: Hook) -> tuple[bool | None, str]:
    """Whether a hook checks anything, and if it doesn't, why."""
    runs = scope.runs(hook.text, hook.folder)
    if hook.tool == "husky" and scope.installs("husky") is None:
        return False, "no package.json depends on husky"
    if hook.tool == "husky" and hook.file.endswith(f"/{hook.name}") and not _is_installed(scope):
        return False, "no script installs the hooks of husky, such as prepare"
    if not runs and not hook.text.strip():
        return False, f"the {hook.name} hook runs nothing"
    staged = [run for run in runs if run.program in {"lint-staged", "nano-staged"}]
    if staged and not _has_staged_config(scope) and not staged[0].arguments:
        return False, f"the {hook.name} hook runs {staged[0].program}, which has no configuration"
    if any(run.program in _CHECKING for run in runs) or hook.tool == "pre-commit":
        return True, ""
    if any(run.program in _OPAQUE or run.is_script for run in runs):
        return None, f"what the {hook.name} hook runs could not be followed"
    shown = ", ".join(dict.fromkeys(run.program for run in runs[:3]))
    return (None, f"it isn't known whether {shown} checks anything") if runs else (False, "the hook checks nothing")


def _missing(scope: Scope) -> str:
    installed = scope.installs("husky", "lint-staged", "simple-git-hooks", "lefthook", "yorkie", "pre-commit")
    return f"{installed} is installed, and no hook runs anything" if installed else "no hook runs before a commit"


def _is_installed(scope: Scope) -> bool:
    """Whether a script puts the hooks in place, by its own text or that of a file that it runs."""
    return any(
        "husky" in text or "hooksPath" in text
        for package in scope.packages
        for script in package.scripts.values()
        for text in (script, *_files_named(scope, package.folder, script))
    )


def _files_named(scope: Scope, folder: str, script: str) -> Iterator[str]:
    for word in _SOURCE_FILE.findall(script):
        content = scope.read_asset(joined(folder, word))
        if content is not None:
            yield content.decode("utf-8", "replace")


def _hooks(scope: Scope) -> Iterator[Hook]:
    for path in sorted(scope.paths):
        found = _HUSKY.fullmatch(path)
        folder = folder_of(folder_of(path)) if found else ""
        if found is not None and folder in scope.folders:
            text = (scope.read_asset(path) or b"").decode("utf-8", "replace")
            tool = "husky" if "/.husky/" in f"/{path}" else "git hooks"
            yield Hook(tool, path, found["hook"], _HUSKY_OWN.sub("", text), folder)
    yield from _in_packages(scope)
    for path in scope.named(_LEFTHOOK):
        yield from _of_lefthook(path, scope.read_asset(path) or b"")
    for path in scope.named(_PRE_COMMIT):
        yield Hook("pre-commit", path, "pre-commit", "pre-commit run", folder_of(path))


def _in_packages(scope: Scope) -> Iterator[Hook]:
    for package in scope.packages:
        fields = scope.fields(package)
        husky = as_object(as_object(fields.get("husky")).get("hooks"))
        for name in _HOOKS:
            if isinstance(text := husky.get(name), str):
                yield Hook("husky 4", package.path, name, text, package.folder)
        for field, tool in _SIMPLE_FIELDS.items():
            value = fields.get(field)
            for name, text in _simple(field, value):
                yield Hook(tool, package.path, name, text, package.folder)


def _simple(field: str, value: Json) -> Iterator[tuple[str, str]]:
    """Commands by hook; the package ``pre-commit`` takes names of scripts."""
    if field == "pre-commit":
        names = as_texts(as_object(value).get("run")) if isinstance(value, dict) else as_texts(value)
        if names:
            yield "pre-commit", " && ".join(f"npm run {name}" for name in names)
        return
    for name in _HOOKS:
        text = as_object(value).get(name)
        if isinstance(text, str):
            yield name, text


def _of_lefthook(path: str, content: bytes) -> Iterator[Hook]:
    root = read_node(path, content) if path.endswith(("yml", "yaml", "json")) else None
    if isinstance(root, Notice):
        return
    for name in _HOOKS:
        fields = entries_of(entries_of(root).get(name))
        jobs = [*entries_of(fields.get("commands")).values(), *items_of(fields.get("jobs"))]
        texts = [text for job in jobs if (text := text_of(entries_of(job).get("run")))]
        texts += ["sh hook.sh"] if "scripts" in fields else []
        if texts:
            yield Hook("lefthook", path, name, "\n".join(texts), folder_of(path))


def _has_staged_config(scope: Scope) -> bool:
    return (
        next(scope.named(_STAGED_FILE), None) is not None
        or scope.field("lint-staged") is not None
        or scope.field("nano-staged") is not None
        or any(path.rpartition("/")[2].startswith((".lintstagedrc", "lint-staged.config")) for path in scope.paths)
    )


def _staged_commands(scope: Scope) -> Iterator[str]:
    """Commands that lint-staged runs; those of a JavaScript file by the texts in it."""
    field = scope.field("lint-staged")
    values: list[Json] = [field[1]] if field is not None else []
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            values += value
        elif isinstance(value, dict):
            values += value.values()
    for path in scope.named(_STAGED_FILE):
        text = (scope.read_asset(path) or b"").decode("utf-8", "replace")
        yield from (found[2] for found in re.finditer(r"(['\"`])((?:npx |yarn |pnpm )?[a-z][\w-]*[^'\"`\n]*)\1", text))
