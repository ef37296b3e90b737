"""How an endpoint came to its path."""

from model.explaining.explained import explained, told


def test_each_mount_adds_its_piece() -> None:
    """From the application over the router, with the path so far and the line of source."""
    files = {
        "server.js": "const app = require('express')();\napp.use('/api', require('./patients'));\napp.listen(1);\n",
        "patients.js": (
            "const router = require('express').Router();\n"
            "router.get(\n  '/patients/:id',\n  (req, res) => res.end(),\n);\n"
            "module.exports = router;\n"
        ),
    }
    path = explained(files, "GET /api/patients/:id").path
    assert told(path) == [
        ("server.js:1", "the application is made"),
        ("server.js:2", "mounts a router"),
        ("patients.js:1", "that router is made"),
        ("patients.js:2", "answers GET"),
    ]
    assert [(step.adds, step.path) for step in path] == [
        (None, None),
        ("/api", "/api"),
        (None, None),
        ("/patients/:id", "/api/patients/:id"),
    ]
    assert path[3].source == "router.get('/patients/:id', (req, res) => res.end(),);"


def test_calls_and_texts_that_stand_elsewhere_are_told() -> None:
    """A table of routes in a loop: the loop, the literal in the table, then the mount."""
    files = {
        "server.js": (
            "const app = require('express')();\n"
            "require('./routes').forEach(({ path, router }) => {\n"
            "  app.use(`/api${path}`, router);\n"
            "});\n"
        ),
        "routes.js": (
            "const beds = require('express').Router();\n"
            "beds.get('/', (req, res) => res.end());\n"
            "module.exports = [\n"
            "  { path: '/wards', router: require('express').Router() },\n"
            "  { path: '/beds', router: beds },\n"
            "];\n"
        ),
    }
    assert told(explained(files, "/api/beds").path) == [
        ("server.js:1", "the application is made"),
        ("server.js:2", "in this call"),
        ("routes.js:5", "/beds stands here"),
        ("server.js:3", "mounts a router"),
        ("routes.js:1", "that router is made"),
        ("routes.js:2", "answers GET"),
    ]


def test_of_several_paths_only_the_literal_of_this_one_is_told() -> None:
    """An array of paths in a file of its own, and a default of the environment."""
    files = {
        "server.js": (
            "const app = require('express')();\n"
            "const { both, base } = require('./paths');\n"
            "app.get(both, (req, res) => res.end());\n"
            "app.get(base, (req, res) => res.end());\n"
        ),
        "paths.js": "exports.both = [\n  '/a',\n  '/b',\n];\nexports.base = process.env.BASE || '/c';\n",
    }
    assert ("paths.js:3", "/b stands here") in told(explained(files, "/b").path)
    assert ("paths.js:2", "/a stands here") not in told(explained(files, "/b").path)
    assert ("paths.js:5", "/c stands here") in told(explained(files, "/c").path)


def test_a_call_that_makes_the_router_comes_before_it() -> None:
    """A factory: its call, what it makes, what it registers; conditions stand where they come in."""
    files = {
        "server.js": (
            "const app = require('express')();\nif (process.env.BEDS) app.use('/beds', require('./beds')('x'));\n"
        ),
        "beds.js": (
            "module.exports = (name) => {\n"
            "  const router = require('express').Router();\n"
            "  router.get('/all', (req, res) => res.end());\n"
            "  return router;\n"
            "};\n"
        ),
    }
    path = explained(files, "/beds/all").path
    assert told(path)[1:] == [
        ("server.js:2", "mounts a router"),
        ("server.js:2", "in this call"),
        ("beds.js:2", "that router is made"),
        ("beds.js:3", "answers GET"),
    ]
    assert [step.condition for step in path] == [None, "process.env.BEDS", None, None, None]


def test_a_router_that_no_application_reaches_says_so() -> None:
    """Its path begins with itself."""
    files = {"r.js": "const r = require('express').Router();\nr.get('/x', (req, res) => res.end());\n"}
    assert told(explained(files, "/x").path) == [
        ("r.js:1", "the router, which no application reaches, is made"),
        ("r.js:2", "answers GET"),
    ]
