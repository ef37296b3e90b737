"""Which major version of Express a back end runs on: from version 5 on it catches what asynchronous handlers throw.

Source: https://expressjs.com/en/guide/error-handling.html ("Starting with Express 5, route handlers and middleware that
return a Promise will call next(value) automatically when they reject or throw an error").
"""

from __future__ import annotations

import re

from medpro_audit.core.notice import Notice
from medpro_audit.model.known import Base
from medpro_audit.model.modules.jsonc import as_object, as_text, read_object

CATCHING = 5
"""The first version that catches."""
_RANGE = re.compile(r"^[\^~=v]*(\d+)(?:\.[\dx*]+){0,2}(?:-[\w.]+)?$")
_MAX_MAJOR = 100


def express_major(base: Base, backend: str) -> int | None:
    """The major version by the range in package.json, else by the lock file; None when neither says it."""
    packages = base.resolver.projects.packages_above("" if backend == "." else backend)
    for manifest in packages:
        declared = manifest.range_of("express")
        if declared is not None:
            found = _RANGE.match(declared.strip())
            return int(found[1]) if found is not None else _locked(base, manifest.folder)
    return _locked(base, "" if backend == "." else backend)


def _locked(base: Base, folder: str) -> int | None:
    """What package-lock.json has installed."""
    path = f"{folder}/package-lock.json" if folder else "package-lock.json"
    content = base.read_asset(path) if path in base.inventory.paths else None
    if content is None:
        return None
    fields = read_object(path, content)
    if isinstance(fields, Notice):
        return None
    version = as_text(as_object(as_object(fields.get("packages")).get("node_modules/express")).get("version"))
    version = version or as_text(as_object(as_object(fields.get("dependencies")).get("express")).get("version"))
    major = version.partition(".")[0]
    return int(major) if major.isdecimal() and int(major) < _MAX_MAJOR else None
