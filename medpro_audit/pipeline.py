"""The whole flow on one page: from a directory to the result of its audit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from medpro_audit import __version__
from medpro_audit.adapters.config import LoadedConfig, load_config
from medpro_audit.adapters.discovery import discover, existing_folder
from medpro_audit.adapters.reading import read_file, read_source
from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.config import Config, GateConfig
from medpro_audit.core.finding import Finding, Measure
from medpro_audit.core.notice import Notice
from medpro_audit.extract.store import CodeStore
from medpro_audit.facts.inventory import Inventory, SourceFile
from medpro_audit.gate.policy import Evidence, judge
from medpro_audit.metrics.scorecard import scorecard
from medpro_audit.model.repository import Repository, RepositoryBuilder
from medpro_audit.result import AuditResult, BackendReport, Completeness, RuleReport, Tool
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.matching import Matches, match_rules
from medpro_audit.rules.rule import Rule, RuleSet
from medpro_audit.rules.selection import select_rules

SCHEMA_VERSION = 1
RECURSION_LIMIT = 20_000
"""Frames that the evaluation of deeply nested code may take; its own limits on depth end it long before."""

Progress = Callable[[int, int], None]
"""Told how many of how many files have been read."""


class Project(Struct, frozen=True):
    """A directory with what is configured for it and which files it holds."""

    root: Path
    loaded: LoadedConfig
    inventory: Inventory

    @property
    def config(self) -> Config:
        """The effective configuration."""
        return self.loaded.config


def open_project(root: Path, config_file: Path | None = None) -> Project:
    """Read the configuration of a directory and list its files."""
    existing_folder(root)
    loaded = load_config(root, config_file)
    inventory = discover(root, loaded.config.scan, patterns_from=loaded.patterns_from)
    return Project(root, loaded, inventory)


def load_rules(project: Project, folders: Sequence[Path] = ()) -> RuleSet:
    """The shipped rule packs, the configured ones and those of these folders, as configured."""
    base = project.loaded.path.parent if project.loaded.path is not None else project.root
    configured = [base / folder for folder in project.config.rules.packs]
    return select_rules(load_packs(read_packs([*configured, *folders])), project.config.rules)


@contextmanager
def model_of(project: Project, progress: Progress | None = None) -> Iterator[tuple[RepositoryBuilder, CodeStore]]:
    """A builder for the model of a project, and the store of its code."""
    sources = {source.path: source for source in project.inventory.sources}
    limit = project.config.scan.max_file_bytes
    read = _counting(lambda source: read_source(project.root, source, limit), project.inventory, progress)
    store = CodeStore(sources, read)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield (
            RepositoryBuilder(project.inventory, store, lambda path: _asset(project.root, path), project.config),
            store,
        )
    finally:
        sys.setrecursionlimit(before)


def _counting(
    read: Callable[[SourceFile], bytes | Notice], inventory: Inventory, progress: Progress | None
) -> Callable[[SourceFile], bytes | Notice]:
    if progress is None:
        return read
    total = sum(not source.linked for source in inventory.sources)
    done = 0

    def counted(source: SourceFile) -> bytes | Notice:
        nonlocal done
        done = min(done + 1, total)
        progress(done, total)
        return read(source)

    return counted


def _asset(root: Path, path: str) -> bytes | None:
    content = read_file(root / path, shown=path, limit=1_000_000)
    return None if isinstance(content, Notice) else content


def audit(
    project: Project, ruleset: RuleSet, gate: GateConfig | None = None, progress: Progress | None = None
) -> AuditResult:
    """Audit a project with these rules; ``gate`` stands in for the configured policy."""
    with model_of(project, progress) as (builder, store):
        repository = builder.build()
    notices = [*project.inventory.notices, *store.notices, *repository.notices]
    return _result(project, ruleset, repository, notices, gate or project.config.gate)


def _result(
    project: Project, ruleset: RuleSet, repository: Repository, notices: list[Notice], gate: GateConfig | None
) -> AuditResult:
    matches = match_rules(ruleset, repository.subjects)
    metrics = scorecard(matches.measures, ruleset)
    completeness = _completeness(project.inventory, repository)
    notices = sorted({*notices, *matches.notices}, key=lambda notice: notice.order)
    evidence = Evidence(matches.findings, metrics, completeness, notices, len(repository.backends))
    return AuditResult(
        schema_version=SCHEMA_VERSION,
        tool=Tool("medpro-audit", __version__),
        project=_name(project, repository),
        verdict=judge(evidence, gate),
        metrics=metrics,
        backends=tuple(_backends(repository, matches, ruleset)),
        completeness=completeness,
        findings=matches.findings,
        endpoints=repository.endpoints,
        connections=repository.connections,
        settings_files=repository.settings_files,
        unresolved_routes=repository.unresolved_routes,
        unresolved_imports=repository.graph.unresolved,
        notices=tuple(notices),
        rules=tuple(map(_rule_report, ruleset.rules)),
    )


def _name(project: Project, repository: Repository) -> str:
    """The name of the scanned directory: of its back end when it is one, else of the folder."""
    own = [backend.name for backend in repository.backends if backend.root == "." and backend.name != "."]
    return own[0] if own else project.root.resolve().name


def _completeness(inventory: Inventory, repository: Repository) -> Completeness:
    known = sum(endpoint.handler.file is not None for endpoint in repository.endpoints)
    routes = len(repository.endpoints)
    return Completeness(
        files_parsed=repository.files_parsed,
        files=sum(not source.linked for source in inventory.sources),
        imports_resolved=repository.imports - len(repository.graph.unresolved),
        imports=repository.imports,
        routers_mounted=repository.routers_mounted,
        routers=repository.routers,
        routes_resolved=routes,
        routes=routes + len(repository.unresolved_routes),
        handlers_known=known,
        endpoints=routes,
    )


def _backends(repository: Repository, matches: Matches, ruleset: RuleSet) -> Iterator[BackendReport]:
    for backend in repository.backends:
        measures: tuple[Measure, ...] = matches.by_backend.get(backend.root, ())
        yield BackendReport(
            root=backend.root,
            name=backend.name,
            frameworks=backend.frameworks,
            endpoints=sum(endpoint.backend == backend.root for endpoint in repository.endpoints),
            findings=sum(finding.backend == backend.root for finding in matches.findings),
            metrics=scorecard(measures, ruleset),
        )


def _rule_report(rule: Rule) -> RuleReport:
    return RuleReport(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        metric=rule.metric,
        why=rule.why,
        bad=rule.bad.text,
        good=rule.good.text,
        effort=rule.effort,
        tags=rule.tags,
        fix=rule.fix,
    )


def audit_files(files: Mapping[str, bytes], ruleset: RuleSet) -> tuple[Finding, ...]:
    """Audit a project given as contents by path: what rule tests run on."""
    with TemporaryDirectory(prefix="medpro-audit-") as folder:
        for path, content in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return audit(open_project(Path(folder)), ruleset).findings
