"""What the top level of a module tells."""

import pytest

from medpro_audit.extract.scan import SourceText
from medpro_audit.model.structure.shapes import Shape, shape_of


def shape(source: str, path: str = "m.ts") -> Shape:
    """Read a source."""
    return shape_of(SourceText(path, source.encode(), "typescript").module())


@pytest.mark.parametrize(
    ("source", "forms"),
    [
        ("module.exports = (req, res) => res.json([]);", {"handler": 1}),
        ("exports.list = async (req, res) => {};\nexports.show = function (req, res, next) {};", None),
        ("export function total(lines) {}\nexport const rate = 0.19;", {"function": 1, "value": 1}),
        ("export default (error, req, res, next) => {};", {"error-handler": 1}),
        ("class NotFound extends Error {}\nmodule.exports = { NotFound };", {"error": 1}),
        ("class A extends Error {}\nclass B extends A {}\nmodule.exports = { A, B };", {"error": 2}),
        ("export class C { list(req, res) {} show(req, res) {} }", {"controller": 1}),
        ("export class S { find(id) {} }", {"class": 1}),
        ("const a = require('./a');\nmodule.exports = { a, b: require('./b') };", {"passed-on": 2}),
        ("export * from './a';\nexport { b } from './b';", {"passed-on": 2}),
        ("module.exports = (sequelize, DataTypes) => sequelize.define('User', {});", {"model": 1}),
        ("const api = {};\napi.list = (req, res) => {};\nmodule.exports = api;", {"handler": 1}),
        ("const list = catchAsync(async (req, res) => {});\nmodule.exports = { list };", {"handler": 1}),
        ("const roles = new Map([[1, 2]]);\nmodule.exports = { roles, names: Object.keys({}) };", {"value": 2}),
        ("interface A { b: string }\nexport type C = A;", {}),
    ],
)
def test_forms_of_exports(source: str, forms: dict[str, int] | None) -> None:
    """Functions by their parameters, classes by their base and methods, names and objects looked through."""
    found = shape(source).exports
    assert dict(found) == (forms if forms is not None else {"handler": 1, "middleware": 1})


def test_makers_say_what_a_module_is_made_by() -> None:
    """Calls, decorators and base classes from other modules, and whether their result is exported."""
    found = shape(
        "import { z } from 'zod';\nimport { Entity } from 'typeorm';\nimport express from 'express';\n"
        "const limit = express();\nexport const patient = z.object({ id: z.number() });\n"
        "@Entity() export class Visit {}"
    ).makers
    assert {(maker.specifier, maker.name, maker.is_exported) for maker in found} == {
        ("express", "express", False),
        ("zod", "object", True),
        ("zod", "number", True),
        ("typeorm", "Entity", True),
    }


def test_a_module_of_types_is_empty() -> None:
    """Whatever it imports."""
    assert shape("import { A } from './a';\nexport interface B extends A {}").is_empty
    assert not shape("import { a } from './a';\na();").is_empty


def test_environment_variables_are_seen() -> None:
    """At the top level only: in a function they are read when it is called."""
    assert shape("module.exports = { port: process.env.PORT };").environment is not None
    assert shape("exports.port = () => process.env.PORT;").environment is None
