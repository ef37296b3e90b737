"""Linters, and formatters, which are set up alike.

https://eslint.org/docs/latest/use/configure/configuration-files, https://prettier.io/docs/configuration
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.ci.following import Run
from medpro_audit.model.subjects.ci_run import CiRun
from medpro_audit.model.subjects.tooling_setup import Practice, ToolingSetup
from medpro_audit.model.tooling.enforcement import Enforcement, enforcement, reviewed
from medpro_audit.model.tooling.hooks import hook_runs
from medpro_audit.model.tooling.scope import Scope


class Tool(Struct, frozen=True):
    """A program that looks at source code."""

    name: str
    configs: str
    """Regular expression of its configuration files' names."""
    packages: tuple[str, ...]
    """Any of these installs it."""
    programs: tuple[str, ...]
    field: str = ""
    """Of a package.json, that holds its configuration."""
    needs_config: bool = True
    checking: str = ".*"
    """Regular expression of the arguments with which it fails on what it finds, joined by blanks."""


_ESLINT = Tool(
    name="ESLint",
    configs=r"\.eslintrc(\.(js|cjs|mjs|json|ya?ml))?|eslint\.config\.[cm]?[jt]s",
    packages=(
        "eslint",
        "react-scripts",
        "next",
        "@vue/cli-plugin-eslint",
        "@angular-eslint/builder",
        "eslint_d",
        "grunt-eslint",
        "gulp-eslint",
    ),
    programs=("eslint", "eslint_d", "next", "react-scripts"),
    field="eslintConfig",
)
_BIOME_FILES = r"\.?biome\.jsonc?"
_BIOME = ("@biomejs/biome",)
_RUNNERS = frozenset(("grunt", "gulp", "nps", "nx", "turbo"))
"""Programs that may run any tool."""
_TASKS = re.compile(r"(?i:grunt|gulp|jake)file(\.babel)?\.[cm]?[jt]s|Makefile|[Jj]ustfile|Taskfile\.ya?ml")
"""Files of tasks, which people start by hand."""
LINTERS = (
    _ESLINT,
    Tool("Biome", _BIOME_FILES, _BIOME, ("biome",), checking=r"(ci|check|lint)\b.*"),
    Tool("Oxlint", r"\.?oxlintrc\.json|oxlint\.config\.[cm]?[jt]s", ("oxlint",), ("oxlint",), needs_config=False),
    Tool("XO", r"\.xo-config(\..*)?|xo\.config\.[cm]?[jt]s", ("xo",), ("xo",), field="xo", needs_config=False),
    Tool("StandardJS", r"(?!)", ("standard", "ts-standard"), ("standard", "ts-standard"), needs_config=False),
    Tool("JSHint", r"\.jshintrc", ("jshint", "grunt-contrib-jshint"), ("jshint",)),
    Tool("TSLint", r"tslint\.json", ("tslint",), ("tslint",)),
    Tool("Deno", r"deno\.jsonc?", (), ("deno",), checking=r"lint\b.*", needs_config=False),
)
FORMATTERS = (
    Tool(
        name="Prettier",
        configs=r"\.prettierrc(\..*)?|prettier\.config\.[cm]?[jt]s",
        packages=("prettier", "pretty-quick", "prettier-standard", "@ianvs/prettier-plugin-sort-imports"),
        programs=("prettier", "pretty-quick"),
        field="prettier",
        needs_config=False,
        checking=r"(.* )?(--check|-c|--list-different|-l)\b.*",
    ),
    Tool("Biome", _BIOME_FILES, _BIOME, ("biome",), checking=r"(ci|check|format)\b(?!.* --write).*"),
    Tool("dprint", r"\.?dprint\.jsonc?", ("dprint",), ("dprint",), checking=r"check\b.*"),
    Tool("oxfmt", r"\.?oxfmtrc\.jsonc?", ("oxfmt",), ("oxfmt",), checking=r".*--check\b.*"),
    Tool("StandardJS", r"(?!)", ("standard", "ts-standard"), ("standard", "ts-standard"), needs_config=False),
)
_FORMATTING_PLUGINS = {
    "eslint-plugin-prettier": re.compile(rb"prettier/(prettier|recommended)|eslint-plugin-prettier"),
    "@stylistic/eslint-plugin": re.compile(rb"@stylistic"),
    "@antfu/eslint-config": re.compile(rb"@antfu/eslint-config"),
}
"""Plugins that let ESLint format, by what its configuration says when it uses them."""


def linter(scope: Scope) -> ToolingSetup:
    """How a back end is linted."""
    return _practice(scope, "linter", LINTERS)


def formatter(scope: Scope) -> ToolingSetup:
    """How a back end is formatted: by a tool of its own, or by its linter."""
    own = _practice(scope, "formatter", FORMATTERS)
    plugin = _formatting_plugin(scope)
    if plugin is None or own.is_enforced:
        return own
    by_linter = _setup(scope, "formatter", _ESLINT)
    if by_linter.is_set_up is not True or (own.is_set_up and not by_linter.is_enforced):
        return own
    name = f"{own.tool or 'ESLint'} through {plugin}"
    return ToolingSetup(
        file=by_linter.file,
        line=by_linter.line,
        backend=scope.backend,
        practice="formatter",
        tool=name,
        is_set_up=True,
        is_enforced=by_linter.is_enforced,
        gap=by_linter.gap,
        trail=by_linter.trail,
    )


def _formatting_plugin(scope: Scope) -> str | None:
    texts = [scope.read_asset(path) or b"" for path in scope.named(re.compile(_ESLINT.configs))]
    field = scope.field("eslintConfig")
    texts += [scope.read_asset(field[0].path) or b""] if field is not None else []
    for plugin, used in _FORMATTING_PLUGINS.items():
        if scope.installs(plugin) and any(used.search(text) for text in texts):
            return plugin
    return None


def _practice(scope: Scope, practice: Practice, tools: Sequence[Tool]) -> ToolingSetup:
    """The best set-up among the tools that leave a trace."""
    found = [_setup(scope, practice, tool) for tool in tools if _has_trace(scope, tool)]
    if found:
        order = {True: 0, None: 1, False: 2}
        return min(found, key=lambda setup: (order[setup.is_set_up], order[setup.is_enforced]))
    problem = f"there is no {practice}"
    return ToolingSetup(scope.file, 1, scope.backend, practice, "", is_set_up=False, problem=problem)


def _has_trace(scope: Scope, tool: Tool) -> bool:
    if _config(scope, tool) or (tool.packages and scope.declares(tool.packages[0])):
        return True
    return not tool.needs_config and any(run.program in tool.programs for run in _all_runs(scope))


def _setup(scope: Scope, practice: Practice, tool: Tool) -> ToolingSetup:
    config = _config(scope, tool)
    enforced = reviewed(scope, enforcement(scope, lambda run: _is_check(run, tool)))
    problem = _problem(scope, tool, config, is_in_ci=enforced.holds)
    trail = (Step(config, 1, f"configures {tool.name}"),) if config else ()
    return ToolingSetup(
        file=config or scope.file,
        line=1,
        backend=scope.backend,
        practice=practice,
        tool=tool.name,
        is_set_up=not problem,
        is_enforced=False if problem and enforced.holds is None else enforced.holds,
        problem=problem,
        gap=_gap(scope, tool, enforced),
        trail=(*trail, *enforced.trail),
    )


def _problem(scope: Scope, tool: Tool, config: str | None, *, is_in_ci: bool | None) -> str:
    if tool.needs_config and config is None:
        return f"{tool.name} is installed and has no configuration"
    if tool.packages and scope.installs(*tool.packages) is None and not is_in_ci:
        return f"{tool.name} is configured, and no package.json depends on it"
    if is_in_ci is False and not _may_run(scope, tool):
        return f"{tool.name} is installed, and no script, commit hook or CI step runs it"
    return ""


def _gap(scope: Scope, tool: Tool, enforced: Enforcement) -> str:
    only_fixes = any(run.program in tool.programs and not _is_check(run, tool) for run in scope.ci_runs)
    return "the step there only rewrites files" if enforced.holds is False and only_fixes else enforced.gap


def _config(scope: Scope, tool: Tool) -> str | None:
    """The file that configures a tool; None when there is none."""
    found = next(scope.named(re.compile(tool.configs)), None)
    field = scope.field(tool.field) if found is None and tool.field else None
    return field[0].path if field is not None else found


def _may_run(scope: Scope, tool: Tool) -> bool:
    """Whether scripts or hooks run a tool, or something that may run it, or a task is there that does."""
    if any(run.program in tool.programs or run.program in _RUNNERS for run in _all_runs(scope)):
        return True
    tasks = [scope.read_asset(path) or b"" for path in scope.named(_TASKS)]
    return any(program.encode() in text for program in tool.programs for text in tasks)


def _all_runs(scope: Scope) -> Iterator[Run]:
    yield from (run for _, run in scope.script_runs)
    yield from hook_runs(scope)


def _is_check(run: Run | CiRun, tool: Tool) -> bool:
    if run.program not in tool.programs:
        return False
    if run.program in {"next", "react-scripts"}:
        return run.arguments[:1] == ("lint",)
    return re.fullmatch(tool.checking, " ".join(run.arguments), re.DOTALL) is not None
