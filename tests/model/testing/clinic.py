"""A small clinic with tests, and what is found out about those."""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from medpro_audit.core.config import Config, TestingConfig
from medpro_audit.model.subjects import Endpoint, Repository
from medpro_audit.model.subjects.facets.testing import EndpointTesting
from model.memory import builder, repository

APP = """
const express = require('express');
const patients = require('./routes/patients');
const app = express();
app.get('/health', (req, res) => res.json({}));
app.use('/api/patients', patients);
module.exports = app;
"""
ROUTES = """
const express = require('express');
const { listPatients, showPatient } = require('../controllers/patients');
const router = express.Router();
router.get('/', listPatients);
router.get('/me', (req, res) => res.json({}));
router.get('/:id', showPatient);
router.post('/', (req, res) => res.status(201).json({}));
router.delete('/:id', (req, res) => res.status(204).end());
module.exports = router;
"""
CONTROLLER = """
exports.listPatients = (req, res) => res.json([]);
exports.showPatient = (req, res) => res.json({});
"""


def package(script: str = "jest", **changes: object) -> str:
    """Write a package.json with this test script."""
    import json

    fields: dict[str, object] = {
        "name": "clinic",
        "scripts": {"start": "node server.js", "test": script},
        "dependencies": {"express": "^4.21.0"},
        "devDependencies": {"jest": "^29.7.0", "supertest": "^7.0.0"},
    }
    return json.dumps(fields | changes)


def clinic(files: Mapping[str, str], coverage: tuple[str, ...] = ()) -> Repository:
    """Model the clinic with further files, which may replace its own."""
    own = {
        "package.json": package(),
        "server.js": "require('./app').listen(3000);",
        "app.js": APP,
        "routes/patients.js": ROUTES,
        "controllers/patients.js": CONTROLLER,
    }
    return repository(own | dict(files), Config(testing=TestingConfig(coverage=coverage)))


def clinic_of_a_monorepo(files: Mapping[str, str]) -> Repository:
    """Model a clinic that is scanned by itself, one folder below the root of its repository."""
    made = builder({"package.json": package("echo none"), "app.js": APP, "routes/patients.js": ROUTES, **files})
    around = tuple(sorted(path for path in files if path.startswith("../")))
    made._inventory = structs.replace(  # noqa: SLF001 - as discovery lists it
        made._inventory,  # noqa: SLF001
        paths=made._inventory.paths - set(around),  # noqa: SLF001
        around=around,
        location="api",
    )
    return made.build()


def endpoint(found: Repository, identity: str) -> Endpoint:
    """The endpoint of a method and a path."""
    return next(one for one in found.endpoints if one.identity == identity)


def verdict_of(test: str, identity: str = "GET /api/patients/:id", **files: str) -> EndpointTesting:
    """What the one test file of the clinic says of an endpoint."""
    others = {name.replace("__", "/") + ".js": text for name, text in files.items()}
    return endpoint(clinic({"tests/a.test.js": HEAD + test, **others}), identity).testing


HEAD = """
const request = require('supertest');
const app = require('../app');
"""


def only(found: Repository, kind: str, **wanted: Any) -> Any:
    """The one subject of a kind with these attributes."""
    (subject,) = (
        one for one in found.found(kind) if all(getattr(one, name) == value for name, value in wanted.items())
    )
    return subject
