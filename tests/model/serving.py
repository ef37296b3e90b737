"""Small applications of one endpoint, and the verdicts on its request parts in a word or two."""

from medpro_audit.model.subjects import PARTS, Endpoint, RequestPart, Validation
from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5"}}'
APP = "const express = require('express');\nconst app = express();\n"


def endpoint(body: str, *, head: str = "", chain: str = "", path: str = "/x/:id", **files: str) -> Endpoint:
    """The endpoint whose handler has this body; ``head`` stands before it, ``chain`` is its middleware."""
    before = f"{chain}, " if chain else ""
    source = f"{APP}{head}\napp.post('{path}', {before}async (req, res, next) => {{ {body} }});"
    others = {name.replace("__", "/") + ".js": text for name, text in files.items()}
    [found] = repository({"package.json": PACKAGE, "server.js": source, **others}).endpoints
    return found


def served(source: str, **files: str) -> dict[str, Endpoint]:
    """Endpoints of an application, by method and path."""
    others = {name.replace("__", "/") + ".js": text for name, text in files.items()}
    found = repository({"package.json": PACKAGE, "server.js": APP + source, **others}).endpoints
    return {one.identity: one for one in found}


def verdict(found: Endpoint, part: RequestPart = "body") -> str:
    """The verdict on a part: its status, and what makes it special."""
    return told(getattr(found.validation, part))


def told(validation: Validation) -> str:
    """Status, library and what is uncovered, late, ignored or permissive."""
    marks = {"late": validation.is_late, "ignored": validation.is_ignored, "permissive": validation.is_permissive}
    words = [validation.status, *([validation.by] if validation.by else []), *(mark for mark in marks if marks[mark])]
    uncovered = f": {' '.join(validation.uncovered)}" if validation.uncovered else ""
    return " ".join(words) + uncovered


def reads(found: Endpoint) -> str:
    """Parts and fields that are read: ``body.a body.b params.id``."""
    parts = [(part, getattr(found.validation, part).fields) for part in PARTS if part in found.reads]
    return " ".join(" ".join(f"{part}.{field}" for field in fields) or part for part, fields in parts)
