"""The endpoint that a container or an orchestrator asks whether the server works.

https://docs.docker.com/reference/dockerfile/#healthcheck,
https://docs.docker.com/reference/compose-file/services/#healthcheck,
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known

MAX_FILES = 200
"""Further files are not looked into."""

_CANDIDATE = re.compile(
    r"(.*/)?([\w.-]*dockerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|(fly|railway|render|app)\.(toml|json|ya?ml))"
    r"|(.*/)?(charts?|helm|k8s|kube\w*|deploy\w*|manifests?|openshift|infra\w*)/.*\.ya?ml|(.*/)?deployment[\w.-]*\.ya?ml",
    re.IGNORECASE,
)
_PROBES = (
    # An instruction of a Dockerfile goes on after a backslash.
    re.compile(r"^[ \t]*HEALTHCHECK\b(?!\s+NONE)((?:[^\\\n]|\\\n|\\.)*)", re.MULTILINE),
    # A block of Compose goes on as long as its lines are further in.
    re.compile(r"^([ \t]*)healthcheck:[ \t]*\n((?:\1[ \t]+.*\n|[ \t]*\n)*)", re.MULTILINE),
    re.compile(r"^[ \t]*-?[ \t]*httpGet:[ \t]*\n((?:.*\n){1,6})", re.MULTILINE),
    re.compile(r"^[ \t\"]*(?:healthCheckPath|health_check_path|healthcheckPath)\"?\s*[:=](.*)", re.MULTILINE),
)
_URL = re.compile(r"https?://[^/\s\"'$]*(?:\$\{?[^/\s\"'}$]*\}?[^/\s\"'$]*)*(/[\w./~-]*)")
_PATH = re.compile(r"(?:^[ \t]*path:|^)[ \t]*[\"']?(/[\w./~-]*)[\"']?[ \t]*,?[ \t]*$", re.MULTILINE)
_HTTP = re.compile(r"\b(curl|wget|http|node|fetch|path:)\b")


class Probe(NamedTuple):
    """What one probe asks."""

    path: str
    """In small letters, as Express compares paths; empty where the text doesn't say it, or names the root."""
    step: Step


def probes(known: Known) -> tuple[Probe, ...]:
    """Every probe over HTTP that a file of the repository sets up, in the order of files."""
    base = known.base
    paths = sorted({*base.inventory.paths, *base.inventory.around})
    candidates = [path for path in paths if _CANDIDATE.fullmatch(path)]
    return tuple(probe for path in candidates[:MAX_FILES] for probe in _in(path, base.read_asset(path) or b""))


def _in(path: str, content: bytes) -> Iterator[Probe]:
    text = content.decode("utf-8", "replace")
    for pattern in _PROBES:
        for found in pattern.finditer(text):
            asked = found[found.lastindex or 0]
            address = _URL.search(asked) or _PATH.search(asked)
            if address is not None or _HTTP.search(asked):
                step = Step(path, text.count("\n", 0, found.start()) + 1, "asks whether the server works")
                yield Probe(address[1].rstrip("/").lower() if address is not None else "", step)
