"""The `exports` and `imports` of a package.json."""

import pytest

from medpro_audit.model.modules.exports import export_table
from medpro_audit.model.modules.jsonc import Json

IMPORT = frozenset(("import", "node", "default"))
REQUIRE = frozenset(("require", "node", "default"))


@pytest.mark.parametrize(
    ("exports", "key", "expected"),
    [
        ("./x.js", ".", ("./x.js",)),
        ("./x.js", "./x.js", None),
        ({"import": "./x.mjs", "require": "./x.cjs"}, ".", ("./x.mjs", "./x.cjs")),
        ({".": "./x.js", "./y": "./z.js"}, "./y", ("./z.js",)),
        ({"./*": "./lib/*.js"}, "./a/b", ("./lib/a/b.js",)),
        ({"./*": "./lib/*/*.js"}, "./a", ("./lib/a/a.js",)),
        ({"./features/": "./src/features/"}, "./features/x.js", ("./src/features/x.js",)),
        ({"./*": "./*", "./internal/*": None}, "./internal/x", None),
        ({"./*": "./*", "./internal/*": None}, "./other", ("./other",)),
        ({".": [{"browser": "./b.js"}, "./x.js"]}, ".", ("./x.js", "./b.js")),
        ({".": {"node": {"import": "./n.mjs"}, "default": "./d.js"}}, ".", ("./n.mjs", "./d.js")),
        ({".": {"require": "./only.cjs"}}, ".", ("./only.cjs",)),
        ({".": {"import": None, "default": "./d.js"}}, ".", None),
        ({".": 1}, ".", ()),
    ],
)
def test_targets(exports: Json, key: str, expected: tuple[str, ...] | None) -> None:
    """Conditions that are met come first, the others follow; null refuses."""
    assert export_table(exports).targets(key, IMPORT) == expected


def test_require_and_import_differ() -> None:
    """The condition of the import decides what comes first."""
    table = export_table({"import": "./x.mjs", "require": "./x.cjs"})
    assert table.targets(".", REQUIRE) == ("./x.cjs", "./x.mjs")


def test_deep_nesting_is_not_followed() -> None:
    """Conditions nested beyond reason lead nowhere."""
    exports: Json = "./x.js"
    for _ in range(100):
        exports = {"default": exports}
    assert export_table(exports).targets(".", IMPORT) == ()
