"""Modules that are only loaded when a request comes."""

import pytest

from model.memory import repository

PACKAGE = '{"dependencies": {"express": "4", "zod": "3"}}'


def test_what_a_module_does_when_it_is_loaded_is_done_once() -> None:
    """It is followed as far as if the program had loaded it, and counts for the requests that come later."""
    made = "".join(f"exports.s{index} = build(); registry.add(exports.s{index});\n" for index in range(50))
    files = {
        "package.json": PACKAGE,
        "registry.js": "const list = []; exports.list = list; exports.add = (schema) => { list.push(schema); };",
        "schemas.js": f"""
            const {{ z }} = require('zod');
            const registry = require('./registry');
            const build = () => z.object({{ name: z.string() }});
            {made}
        """,
        "server.js": """
            const app = require('express')();
            const registry = require('./registry');
            app.post('/first', (req, res) => res.json(require('./schemas').s49.parse(req.body).name));
            app.post('/second', (req, res) => res.json(require('./schemas').s49.parse(req.body).name));
            app.post('/listed', (req, res) => res.json(registry.list[49].parse(req.body).name));
        """,
    }
    found = {endpoint.path: endpoint.validation.body.status for endpoint in repository(files).endpoints}
    assert found == {"/first": "validated", "/second": "validated", "/listed": "validated"}


def test_a_pattern_with_a_slash_at_its_end_finds_folders() -> None:
    """Controllers are loaded by the names of their folders; those that have one of their own are not generated."""
    files = {
        "package.json": '{"main": "server.js", "dependencies": {"express": "5", "glob": "10"}}',
        "server.js": (
            "const express = require('express');\nconst path = require('path');\n"
            "const { globSync } = require('glob');\n"
            "const app = express();\n"
            "const names = globSync('./controllers/*/**/').map((found) => path.basename(found));\n"
            "const own = {};\nnames.forEach((name) => { own[name] = require('./controllers/' + name); });\n"
            "['patient', 'visit'].forEach((name) => {\n"
            "  const generated = (req, res) => res.json(req.body);\n"
            "  app.post(`/${name}`, names.includes(name) ? own[name].create : generated);\n"
            "});\n"
        ),
        "controllers/patient/index.js": "exports.create = require('./create');",
        "controllers/patient/create.js": "module.exports = function create(req, res) { res.json(1); };",
        "controllers/readme.js": "throw new Error('no folder');",
    }
    handlers = {endpoint.path: endpoint.handler.file for endpoint in repository(files).endpoints}
    assert handlers == {"/patient": "controllers/patient/create.js", "/visit": "server.js"}


@pytest.mark.parametrize("written", ["module.exports = router;", "module.exports = router; export const kind = 1;"])
def test_a_module_of_typescript_may_be_replaced_by_what_it_exports(written: str) -> None:
    """``import`` above, ``module.exports`` below: whoever requires it has the router."""
    files = {
        "package.json": '{"main": "server.js", "dependencies": {"express": "4"}}',
        "server.js": "const app = require('express')();\napp.use('/visits', require('./visits'));\napp.listen(3000);\n",
        "visits.ts": "import express from 'express';\nconst router = express.Router();\n"
        f"router.get('/', (req, res) => res.end());\n{written}\n",
    }
    [found] = repository(files).endpoints
    assert (found.identity, found.mounted) == ("GET /visits", True)
