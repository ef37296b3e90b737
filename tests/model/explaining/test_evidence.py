"""What a verdict on a request part is made of."""

from model.explaining.explained import explained, told

HEAD = """\
const app = require('express')();
const { z } = require('zod');
const S = z.object({ a: z.string() });
"""


def body(route: str) -> list[tuple[str, str]]:
    """Steps of the body of a route that stands in line 4 and after."""
    return told(explained({"server.js": HEAD + route}, "POST /x").validation.body)


def test_a_validated_part_tells_schema_call_and_reads() -> None:
    """The schema is made, it is applied, and what is read is checked by it."""
    assert body("app.post('/x', (req, res) => {\n  const b = S.parse(req.body);\n  res.json(b.a);\n});\n") == [
        ("server.js:3", "S is made (zod)"),
        ("server.js:5", "S checks req.body"),
        ("server.js:6", "req.body.a is read, checked by S"),
    ]


def test_what_a_schema_does_not_cover_is_told_apart() -> None:
    """Fields of one line with one outcome are one step."""
    route = (
        "app.post('/x', (req, res) => {\n  S.parse(req.body);\n  res.json([req.body.a, req.body.b, req.body.c]);\n});\n"
    )
    assert body(route)[2:] == [
        ("server.js:6", "req.body.a is read, checked by S"),
        ("server.js:6", "req.body.b, req.body.c are read, not checked by S"),
    ]


def test_a_check_that_comes_late_stands_after_what_it_missed() -> None:
    """The order of the steps is the order of what happens."""
    route = "app.post('/x', (req, res) => {\n  save(req.body.a);\n  S.parse(req.body);\n  res.end();\n});\n"
    assert body(route) == [
        ("server.js:5", "req.body.a is read, before S checks it"),
        ("server.js:3", "S is made (zod)"),
        ("server.js:6", "S checks req.body"),
    ]


def test_a_result_that_nobody_looks_at_is_told() -> None:
    """``safeParse`` and nothing more."""
    route = "app.post('/x', (req, res) => {\n  S.safeParse(req.body);\n  res.json(req.body.a);\n});\n"
    assert body(route)[1:] == [
        ("server.js:5", "S checks req.body, and the result is not acted upon"),
        ("server.js:6", "req.body.a is read, whatever came of the check"),
    ]


def test_a_check_under_a_condition_tells_it() -> None:
    """The verdict is unknown, and the steps say under which condition it is checked."""
    route = (
        "const check = (req, res, next) => { S.parse(req.body); next(); };\n"
        "if (require('flags').strict) app.use(check);\n"
        "app.post('/x', (req, res) => res.json(req.body.a));\n"
    )
    assert body(route) == [
        ("server.js:3", "S is made (zod)"),
        ("server.js:4", "S checks req.body, only if require('flags').strict"),
        ("server.js:6", "req.body.a is read, checked only if require('flags').strict"),
    ]


def test_an_unknown_part_tells_which_function_is_not_followed() -> None:
    """Its place in the steps, its reason in the verdict and among the open questions."""
    files = {"server.js": HEAD + "app.post('/x', require('./gone').handler);\n"}
    made = explained(files, "POST /x")
    assert made.endpoint.validation.body.status == "unknown"
    assert made.endpoint.validation.body.place == "server.js:4"
    assert told(made.validation.body) == [("server.js:4", "what this function reads is not known")]
    assert [place for place, text in told(made.open_questions) if "can't be followed" in text] == ["server.js:4"]


def test_open_questions_are_those_of_the_files_on_the_way() -> None:
    """An import that leads nowhere beside the endpoint is told, one in another file is not."""
    files = {
        "server.js": "const app = require('express')();\nrequire('./gone');\napp.get('/x', (req, res) => res.end());\n",
        "other.js": "require('./gone-too');\n",
    }
    questions = told(explained(files, "/x").open_questions)
    assert [place for place, _ in questions] == ["server.js:2"]
    assert "./gone leads nowhere" in questions[0][1]
