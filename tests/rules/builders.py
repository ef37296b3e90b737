"""Hand-made subjects and rule files for the tests of rules."""

from typing import Any

import msgspec

from medpro_audit.core.place import Step
from medpro_audit.model.subjects import (
    PARTS,
    Backend,
    CatchClause,
    Connection,
    Endpoint,
    EndpointValidation,
    Handler,
    Input,
    LogCall,
    SettingsFile,
    Validation,
)

_NOT_READ = Validation("not-read")

ENDPOINT = Endpoint(
    method="POST",
    path="/patients",
    file="routes.js",
    line=7,
    kind="route",
    mounted=True,
    conditional=False,
    condition=None,
    framework="express",
    application="server.js:3",
    backend=".",
    middleware=(),
    handler=Handler("create", "routes.js", 9),
    reads=("body",),
    validation=EndpointValidation(
        body=Validation("missing", trail=(Step("routes.js", 10, "reads req.body"),)),
        params=_NOT_READ,
        query=_NOT_READ,
        headers=_NOT_READ,
    ),
    trail=(Step("server.js", 5, "app.use('/', routes)"),),
)

CONNECTION = Connection(
    file="db.js",
    line=3,
    driver="mysql2",
    kind="pool",
    host=None,
    port=3306,
    user=None,
    database=None,
    hardcoded=(),
    canonical=True,
    canonical_module="db.js",
    scope="module",
    backend=".",
    sites=1,
)

LOG_CALL = LogCall(
    file="server.js",
    line=8,
    backend=".",
    logger="canonical",
    logger_name="logger.info",
    package="pino",
    level="info",
    role="server",
    concatenates=False,
    in_catch=False,
    logs_error=True,
    sensitive=(),
    has_correlation=True,
    in_request=False,
    snippet="logger.info('x')",
)


class Builder:
    """Makes subjects that differ from ordinary ones in what a test names."""

    def endpoint(self, *, body: Validation | None = None, **changes: Any) -> Endpoint:
        """Make an endpoint that reads its body unvalidated."""
        if body is not None:
            changes["validation"] = EndpointValidation(body, _NOT_READ, _NOT_READ, _NOT_READ)
        return msgspec.structs.replace(ENDPOINT, **changes)

    def endpoint_reading(self, part: str, status: str, **validation: Any) -> Endpoint:
        """Make an endpoint that reads one part of the request."""
        checked = msgspec.convert({"status": status, **validation}, Validation)
        parts = {name: checked if name == part else _NOT_READ for name in PARTS}
        return msgspec.structs.replace(ENDPOINT, reads=(part,), validation=EndpointValidation(**parts))

    def input(
        self, status: str = "validated", *, convention: str | None = None, part: Any = "body", **validation: Any
    ) -> Input:
        """Make a part of the request, the body if nothing else is said, that is read by an endpoint."""
        checked = msgspec.convert({"status": status, **validation}, Validation)
        return Input(part, "POST", "/patients", "routes.js", 7, ".", checked, (), convention)

    def connection(self, **changes: Any) -> Connection:
        """Make the only pool of a back end."""
        return msgspec.structs.replace(CONNECTION, **changes)

    def settings(self, **changes: Any) -> SettingsFile:
        """Make a settings file that names a port."""
        settings = SettingsFile(".env", 2, "env", "mysql2", None, 3307, None, None, port_conflict=False, backend=".")
        return msgspec.structs.replace(settings, **changes)

    def log_call(self, **changes: Any) -> LogCall:
        """Make a call of the canonical logger in server code."""
        return msgspec.structs.replace(LOG_CALL, **changes)

    def catch(self, **changes: Any) -> CatchClause:
        """Make a catch clause that does its work."""
        return msgspec.structs.replace(CatchClause("server.js", 9, ".", "server", swallows=False), **changes)

    def backend(self, **changes: Any) -> Backend:
        """Make a back end with one pool."""
        backend = Backend(
            root=".",
            name="clinic",
            file="package.json",
            line=1,
            frameworks=("express",),
            dependencies=("express",),
            validation_library="zod",
            connection_sites=1,
            pools_shared=True,
            pools=1,
            logger="pino",
        )
        return msgspec.structs.replace(backend, **changes)


build = Builder()


RULE = """\
id: demo/bad-thing
subject: endpoint
title: Bad thing
severity: error
metric: code-quality
where: {reads: {contains: body}}
require: {validation.body.status: validated}
message: "{{ method }} {{ path }} is bad"
fix: Make it good.
why: Because.
bad: bad();
good: good();
effort: 20min
"""

PACK = b"id: demo\ntitle: Demo\ndescription: For tests.\n"


def pack_files(**changes: str | None) -> dict[str, bytes]:
    """Make a pack with one rule, of which keys have another value, are added, or are left out (None)."""
    lines = RULE.splitlines()
    for key, value in changes.items():
        at = next((at for at, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
        lines[at : at + 1] = [] if value is None else [f"{key}: {value}"]
    return {"rules/demo/pack.yaml": PACK, "rules/demo/bad-thing.yaml": "\n".join(lines).encode()}
