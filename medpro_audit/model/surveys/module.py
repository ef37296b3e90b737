"""Finds what each module of server code is, where it stands, and where it belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from medpro_audit.model.database.canonical import configured_modules
from medpro_audit.model.known import Known
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.structure.evidence import evidence_of
from medpro_audit.model.structure.kinds import Verdict, judge_all, layer_of
from medpro_audit.model.structure.layout import layout_of
from medpro_audit.model.structure.places import Places
from medpro_audit.model.structure.usage import Usage
from medpro_audit.model.subjects.module import Module


def survey(known: Known) -> Iterator[Module]:
    """Every module of server code, by path."""
    base = known.base
    found = evidence_of(known)
    verdicts = judge_all(found)
    usage = Usage(base, found)
    by_backend: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
    for path, verdict in verdicts.items():
        by_backend[base.backend_of(path)][path] = verdict
    canonical = configured_modules(base.config.database.canonical, sorted(by_backend), base.facts)
    modules = []
    for backend, own in by_backend.items():
        layout = layout_of(backend, {path: each.kind for path, each in own.items()}, base.config.structure)
        for path, placed in Places(layout, own, canonical.get(backend)).placements():
            verdict = own[path]
            is_used, unused = usage.is_used(path, verdict.kind)
            modules.append(
                Module(
                    file=path,
                    backend=backend,
                    kind=verdict.kind,
                    layer=layer_of(verdict),
                    evidence=verdict.evidence,
                    folder=folder_of(path),
                    in_place=placed.in_place,
                    destination=placed.destination,
                    used_by=usage.users(path),
                    is_used=is_used,
                    layout=layout.source,
                    does=verdict.does,
                    in_helper_folder=placed.in_helper_folder,
                    reason=verdict.reason or placed.reason or unused,
                    trail=placed.trail,
                )
            )
    yield from sorted(modules, key=lambda module: module.file)
