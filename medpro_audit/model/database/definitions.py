"""Where a repository sets or lists environment variables: in every file that is neither code nor data."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

MAX_FILES = 400
"""Further files are not looked into."""
MAX_PLACES = 5
"""Further places of one variable are not named."""

_MAY_DEFINE = re.compile(
    r"(.*/)?("
    r"\.?env[\w.-]*|[\w.-]+\.env|\.envrc|[\w.-]*env[\w.-]*\.(example|sample|template|dist|md|txt)"
    r"|Dockerfile[\w.-]*|[\w.-]*\.dockerfile|Procfile|Makefile|Jenkinsfile|package\.json|app\.json|fly\.toml|render\.ya?ml"
    r"|[\w.-]+\.(ya?ml|toml|tf|tfvars|sh|bash|ps1|bat|ini|conf|properties|service|nix)"
    r"|ecosystem\.config\.[cm]?js|vercel\.json|serverless\.json|readme[\w.-]*|[\w-]*(deploy|install|setup|config)[\w.-]*\.md"
    r")",
    re.IGNORECASE,
)
_EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", ".env.defaults")
_NOT_OURS = re.compile(r"(^|/)(package-lock\.json|pnpm-lock\.yaml|yarn\.lock)$")


def definitions(
    names: Collection[str], paths: Collection[str], read_asset: Callable[[str], bytes | None]
) -> Mapping[str, tuple[str, ...]]:
    """Places that mention each of some variables, as ``file:line``, those of environment files first."""
    found: dict[str, list[str]] = {name: [] for name in names}
    if not found:
        return {}
    pattern = re.compile(rb"(?<![\w$])(" + b"|".join(re.escape(name.encode()) for name in sorted(found)) + rb")(?!\w)")
    candidates = {path for path in paths if _MAY_DEFINE.fullmatch(path) and not _NOT_OURS.search(path)}
    folders = {path.rpartition("package.json")[0] for path in paths if path.endswith("package.json")}
    # A ``.gitignore`` with ``.env*`` hides the examples that were added all the same.
    candidates |= {f"{folder}{name}" for folder in folders for name in _EXAMPLES}
    for path in sorted(candidates, key=lambda path: (not _is_environment(path), path))[:MAX_FILES]:
        content = read_asset(path) or b""
        seen: set[bytes] = set()
        for match in pattern.finditer(content):
            places = found[match[1].decode()]
            if match[1] not in seen and len(places) < MAX_PLACES:
                line = content.count(b"\n", 0, match.start()) + 1
                places.append(f"{path}:{line}")
            seen.add(match[1])
    return {name: tuple(places) for name, places in found.items()}


def _is_environment(path: str) -> bool:
    return "env" in path.rpartition("/")[2].lower()
