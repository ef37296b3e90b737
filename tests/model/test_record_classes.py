"""Functions that a program adds to the classes of records that packages make are followed."""

import pytest

from model.serving import endpoint, reads

_MONGOOSE = """
const mongoose = require('mongoose');
const { z } = require('zod');
const schema = new mongoose.Schema({ name: String }, {
  statics: { made(body) { return this.create(z.object({ name: z.string() }).parse(body)); } },
  methods: { signed(body) { this.name = z.object({ name: z.string() }).parse(body).name; return this.save(); } },
});
"""
_SEQUELIZE = """
const { Sequelize } = require('sequelize');
const { z } = require('zod');
const sequelize = new Sequelize(process.env.DB);
const Visit = sequelize.define('visit', {});
"""
_CHECKED = "function (body) { return this.create(z.object({ name: z.string() }).parse(body)); }"
_ADDED = [
    f"schema.statics.added = {_CHECKED};",
    f"schema.statics = {{ added: {_CHECKED} }};",
    f"schema.static('added', {_CHECKED});",
    f"schema.static({{ added: {_CHECKED} }});",
    f"schema.loadClass(class {{ static added(body) {_CHECKED.removeprefix('function (body) ')} }});",
    f"schema.plugin((one) => {{ one.statics.added = {_CHECKED}; }});",
]


def _status(body: str, head: str) -> str:
    found = endpoint(body, head=head)
    return f"{found.validation.body.status} {found.change.status}"


@pytest.mark.parametrize("line", _ADDED)
def test_functions_of_a_class_of_mongoose(line: str) -> None:
    """However the schema is given them."""
    head = f"{_MONGOOSE}{line}\nconst Visit = mongoose.model('Visit', schema);"
    assert _status("res.json(await Visit.added(req.body));", head) == "validated yes"


@pytest.mark.parametrize(
    "line",
    [
        "schema.methods.renamed = function (body) { this.name = body.name; return this.save(); };",
        "schema.method('renamed', function (body) { this.name = body.name; return this.save(); });",
        "schema.loadClass(class { renamed(body) { this.name = body.name; return this.save(); } });",
    ],
)
def test_functions_of_records_of_mongoose(line: str) -> None:
    """Of those that were found, and of new ones."""
    head = f"{_MONGOOSE}{line}\nconst Visit = mongoose.model('Visit', schema);"
    for record in ("await Visit.findById(1)", "new Visit()", "await Visit.findOne({}).exec()"):
        found = endpoint(f"const one = {record}; await one.renamed(req.body); res.json({{}});", head=head)
        assert (found.validation.body.status, found.change.status, reads(found)) == ("missing", "yes", "body.name")


def test_options_of_a_schema_and_models_by_their_names() -> None:
    """Functions are given with the schema; a model is asked for by its name elsewhere."""
    head = f"{_MONGOOSE}mongoose.model('Visit', schema);\nconst Visit = mongoose.model('Visit');"
    assert _status("res.json(await Visit.made(req.body));", head) == "validated yes"
    assert (
        _status("const one = await Visit.findById(1); res.json(await one.signed(req.body));", head) == "validated yes"
    )


def test_functions_of_what_sequelize_defines() -> None:
    """Of the class as its properties, of its records as those of its prototype."""
    own = "Visit.prototype.renamed = function (body) { return this.update({ name: body.name }); };"
    head = f"{_SEQUELIZE}Visit.added = {_CHECKED};\n{own}"
    assert _status("res.json(await Visit.added(req.body));", head) == "validated yes"
    assert _status("const one = await Visit.findByPk(1); res.json(await one.renamed(req.body));", head) == "missing yes"


def test_what_is_not_added_is_the_package_own() -> None:
    """Models ask and change as they did, and functions of one are none of another."""
    other = "const Other = mongoose.model('Other', new mongoose.Schema({}));"
    head = f"{_MONGOOSE}const Visit = mongoose.model('Visit', schema);\n{other}"
    assert _status("await Visit.create(req.body); res.json({});", head) == "missing yes"
    assert _status("res.json(await Other.made(req.body));", head) == "missing unknown"
