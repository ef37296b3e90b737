"""What requests wait for: files and hashes that block, caches that answer, packages that load."""

from typing import cast

import pytest

from medpro_audit.model.subjects.heavy_import import HeavyImport
from medpro_audit.model.subjects.performance_setup import PerformanceSetup
from model.asking import clinic, handler, slow_calls
from model.memory import repository


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("require('fs').readFileSync('x')", [("readFileSync", "file", True)]),
        ("fs.existsSync('x')", [("existsSync", "lookup", True)]),
        ("read('x')", [("readFileSync", "file", True)]),
        ("await fs.promises.readFile('x')", [("readFile", "file", False)]),
        ("bcrypt.hashSync('x', 10)", [("hashSync", "hash", True)]),
        ("await bcrypt.hash('x', 10)", [("hash", "hash", False)]),
        ("crypto.pbkdf2Sync('x', 'y', 100_000, 1, 'sha512')", [("pbkdf2Sync", "hash", True)]),
        ("crypto.pbkdf2Sync('x', 'y', rounds, 1, 'sha512')", [("pbkdf2Sync", "hash", True)]),
        ("crypto.pbkdf2Sync('x', 'y', 1_000, 1, 'sha512')", []),
        ("execSync('ls')", [("execSync", "process", True)]),
        ("mine.readFileSync('x')", []),
        ("kept()", []),
        ("crypto.randomUUID()", []),
    ],
)
def test_slow_calls_of_requests_are_seen(code: str, found: list[tuple[str, str, bool]]) -> None:
    """By the package that the function comes from; not what is read once and kept."""
    head = """const fs = require('fs'); const bcrypt = require('bcrypt'); const crypto = require('crypto');
    const { execSync } = require('child_process');
    const mine = { readFileSync: (x) => x }; const atStart = fs.readFileSync('start.txt');
    const read = (path) => fs.readFileSync(path);
    let text; const kept = () => { if (!text) text = fs.readFileSync('once'); return text; };
    """
    calls = slow_calls(head + f"app.get('/x', async (req, res) => {{ res.json({code}); }});")
    assert [(call.name, call.work, call.blocks) for call in calls] == found
    assert {call.endpoints for call in calls} <= {("GET /x",)}


def caching(code: str, path: str = "/x") -> tuple[str, str | None]:
    """Whether the one endpoint keeps its answer, and what keeps it."""
    (endpoint,) = clinic(f"app.get('{path}', async (req, res) => {{ {code} }});").endpoints
    return endpoint.caching.status, endpoint.caching.by


ROWS = "const [rows] = await pool.query('SELECT id FROM notes LIMIT 5');"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"{ROWS} res.json(rows);", ("uncached", None)),
        ("res.json([]);", ("not-needed", None)),
        (f"res.set('Cache-Control', 'public, max-age=60'); {ROWS} res.json(rows);", ("cached", "Cache-Control")),
        (f"res.set('Cache-Control', 'no-store'); {ROWS} res.json(rows);", ("uncached", None)),
        (
            f"const c = new (require('node-cache'))(); if (c.get('x')) return; {ROWS} c.set('x', rows);",
            ("cached", "node-cache"),
        ),
        (f"const c = new (require('node-cache'))(); c.get('x'); {ROWS}", ("uncached", None)),
        (
            f"const redis = require('redis').createClient(); await redis.get('x'); {ROWS} redis.set('x', rows);",
            ("cached", "redis"),
        ),
    ],
)
def test_an_answer_is_kept_when_it_is_read_and_written(code: str, expected: tuple[str, str | None]) -> None:
    """Only to read, or only to write, is no cache."""
    assert caching(code) == expected


def test_an_answer_is_the_same_for_all_when_nothing_of_the_request_is_used() -> None:
    """Neither in the statement nor in the path."""
    code = [
        f"app.get('/a', async (req, res) => {{ {ROWS} res.json(rows); }});",
        f"app.get('/b', async (req, res) => {{ {ROWS} res.json(rows.filter((row) => row.id > req.query.after)); }});",
        handler("await pool.query('SELECT id FROM notes WHERE id = ?', [req.params.id])", path="/c/:id"),
    ]
    endpoints = clinic("".join(code)).endpoints
    assert [endpoint.caching.is_same_for_all for endpoint in endpoints] == [True, False, False]


def setup(code: str, **files: str) -> PerformanceSetup:
    """What the one back end does for its speed."""
    (found,) = cast("list[PerformanceSetup]", list(clinic(code, files).found("performance-setup")))
    return found


def test_a_back_end_says_what_it_does_for_its_speed() -> None:
    """Compression by itself or by the proxy, caches, and how much is loaded."""
    plain = setup(f"app.get('/x', async (req, res) => {{ {ROWS} res.json(rows); }});")
    assert (plain.compresses, plain.caches, plain.reads, plain.cached_reads) == (False, False, 1, 0)
    assert (plain.startup_modules, plain.startup_packages) == (1, 2)
    assert (plain.file, plain.line) == ("server.js", 5)
    own = setup("app.use(require('compression')()); app.get('/x', (req, res) => res.json([]));")
    assert own.compresses is True
    proxy = setup("app.get('/x', (req, res) => res.json([]));", **{"deploy/nginx.conf": "http {\n  gzip on;\n}\n"})
    assert proxy.compresses is True


def test_a_heavy_package_is_loaded_at_start_up_or_later() -> None:
    """At the top of what the application imports, or in a function."""
    files = {
        "server.js": """const app = require('express')(); require('./late'); require('./early');
          app.get('/', (req, res) => res.end());""",
        "early.js": "const { google } = require('googleapis');",
        "late.js": """exports.book = () => { const excel = require('exceljs'); };
          exports.other = () => import('puppeteer');""",
    }
    found = cast("list[HeavyImport]", list(repository(files).found("heavy-import")))
    assert [(each.package, each.at_startup) for each in found] == [
        ("googleapis", True),
        ("exceljs", False),
        ("puppeteer", False),
    ]
