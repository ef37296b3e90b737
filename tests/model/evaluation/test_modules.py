"""Programs of several modules: what the entry exports as ``out``, in the interpreter and under Node."""

import json
import subprocess
from pathlib import Path

import pytest

import oracle
from model.evaluation.running import SOMETHING, admits, exported

ENTRIES = ("main.cjs", "main.mjs", "main.ts")
ORACLE = Path(oracle.__file__).parent
"""Where the real TypeScript is."""

Files = dict[str, str]

PROGRAMS: dict[str, tuple[Files, object]] = {
    "exports and module.exports": (
        {
            "main.cjs": "const a = require('./a.cjs'); const { f } = require('./b.cjs'); exports.out = [a.x, f()];",
            "a.cjs": "exports.x = 1; exports.y = 2;",
            "b.cjs": "module.exports = { f: () => 'f' }; exports.f = 'lost';",
        },
        [1, "f"],
    ),
    "a module runs once": (
        {
            "main.cjs": "require('./a.cjs'); require('./b.cjs'); exports.out = require('./list.cjs');",
            "a.cjs": "require('./list.cjs').push('a');",
            "b.cjs": "require('./list.cjs').push('b'); require('./a.cjs');",
            "list.cjs": "module.exports = ['first'];",
        },
        ["first", "a", "b"],
    ),
    "a function as the module": (
        {"main.cjs": "exports.out = require('./a.cjs')(2);", "a.cjs": "module.exports = (n) => n + 1;"},
        3,
    ),
    "a folder and a JSON file": (
        {
            "main.cjs": "exports.out = [require('./lib').name, require('./settings.json').port];",
            "lib/index.js": "exports.name = 'lib';",
            "settings.json": '{"port": 3307}',
        },
        ["lib", 3307],
    ),
    "a cycle of CommonJS modules": (
        {
            "main.cjs": "exports.out = require('./a.cjs').name;",
            "a.cjs": "exports.early = 'early'; const b = require('./b.cjs'); exports.name = b.seen() + '+a';",
            "b.cjs": "const a = require('./a.cjs'); exports.seen = () => a.early;",
        },
        "early+a",
    ),
    "named, default and namespace imports": (
        {
            "main.mjs": "import d, { x, y as z } from './a.mjs'; import * as all from './a.mjs';\n"
            "export const out = [d, x, z, all.x, all.default];",
            "a.mjs": "export const x = 1; const y = 2; export { y }; export default 'd';",
        },
        ["d", 1, 2, 1, "d"],
    ),
    "re-exports and barrels": (
        {
            "main.mjs": "import { a, b, c, inner, d } from './barrel.mjs'; export const out = [a, b, c, inner.x, d];",
            "barrel.mjs": "export { x as a, default as d } from './x.mjs'; export * from './y.mjs';\n"
            "export * as inner from './x.mjs'; import { c } from './z.mjs'; export { c };",
            "x.mjs": "export const x = 'x'; export default 'dx';",
            "y.mjs": "export const b = 'b';",
            "z.mjs": "export let c = 'c';",
        },
        ["x", "b", "c", "x", "dx"],
    ),
    "live bindings": (
        {
            "main.mjs": "import { n, grow } from './n.mjs'; grow(); export const out = n;",
            "n.mjs": "export let n = 1; export function grow() { n = 2; }",
        },
        2,
    ),
    "a cycle of ECMAScript modules": (
        {
            "main.mjs": "import { even } from './even.mjs'; export const out = [even(4), even(3)];",
            "even.mjs": "import { odd } from './odd.mjs'; export function even(n) { return n === 0 || odd(n - 1); }",
            "odd.mjs": "import { even } from './even.mjs'; export const odd = (n) => (n === 0 ? false : even(n - 1));",
        },
        [True, False],
    ),
    "a CommonJS module imported": (
        {
            "main.mjs": "import all, { x } from './a.cjs'; export const out = [all.x, x, all.y()];",
            "a.cjs": "exports.x = 1; exports.y = () => 2;",
        },
        [1, 1, 2],
    ),
    "import() is the namespace": (
        {
            "main.mjs": "const { x, default: d } = await import('./a.mjs'); export const out = [x, d];",
            "a.mjs": "export const x = 1; export default function () {}",
        },
        [1, "function"],
    ),
    "exported functions and classes": (
        {
            "main.mjs": "import A, { f } from './a.mjs'; export const out = [f(), new A().m()];",
            "a.mjs": "export default class A { m() { return helper(); } } export function f() { return 'f'; }\n"
            "function helper() { return 'm'; }",
        },
        ["f", "m"],
    ),
    "a module that can't be found": (
        {"main.cjs": "let a = 'none'; try { a = require('./gone.cjs'); } catch {} exports.out = a;"},
        "none",
    ),
    "a TypeScript module that imports and sets module.exports": (
        {
            "main.cjs": "const add = require('./add'); const { two } = require('./names');\n"
            "const both = require('./both'); exports.out = [add(1), two, both(3)];",
            "add.ts": "import { one } from './one';\nmodule.exports = (n: number) => n + one;",
            "one.ts": "export const one = 1;",
            "names.ts": "import { one } from './one';\nmodule.exports = { two: one + 1 };",
            "both.ts": "import { one } from './one';\nexport default () => 'lost';\n"
            "module.exports = (n: number) => n + one;",
        },
        [2, 2, 4],
    ),
    "imports of what sets module.exports": (
        {
            "main.ts": "import add, { twice } from './add'; import whole = require('./whole');\n"
            "import both from './both'; import * as names from './names'; import marked from './marked';\n"
            "export const out = [add(1), twice(2), whole(3), both, names.two, names.default.two, marked];",
            "add.ts": "import { one } from './one';\nconst add = (n: number) => n + one;\n"
            "add.twice = (n: number) => 2 * n;\nmodule.exports = add;",
            "one.ts": "export const one = 1;",
            "whole.ts": "import { one } from './one';\nexport = (n: number) => n + one;",
            "both.ts": "export default 'lost';\nmodule.exports = 'kept';",
            "names.ts": "import { one } from './one';\nmodule.exports = { two: one + 1 };",
            "marked.ts": "module.exports = { __esModule: true, default: 'default' };",
        },
        [2, 4, 4, "kept", 2, 2, "default"],
    ),
    "exports beside imports": (
        {
            "main.cjs": "const { a, b } = require('./names'); exports.out = [a, b];",
            "names.ts": "import { one } from './one';\nexport const a = one;\nmodule.exports.b = 2;",
            "one.ts": "export const one = 1;",
        },
        [1, 2],
    ),
    "a package that is not there": ({"main.cjs": "exports.out = require('os').hostname();"}, SOMETHING),
}


def _entry(files: Files) -> str:
    return next(name for name in ENTRIES if name in files)


@pytest.mark.parametrize("title", PROGRAMS)
def test_modules_are_followed(title: str) -> None:
    """As they are linked, in whatever order they load."""
    files, expected = PROGRAMS[title]
    assert exported(files, _entry(files)) == expected


@pytest.mark.node
def test_node_agrees(tmp_path: Path) -> None:
    """What Node exports is what is expected."""
    for index, (files, _) in enumerate(PROGRAMS.values()):
        for name, text in files.items():
            file = tmp_path / str(index) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    entries = [(tmp_path / str(index) / _entry(files)).as_uri() for index, (files, _) in enumerate(PROGRAMS.values())]
    script = str(Path(__file__).with_name("run-modules.mjs"))
    command = ["node", script, json.dumps(entries), str(ORACLE), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    real = json.loads(done.stdout)
    wrong = [
        (title, expected, value)
        for (title, (_, expected)), value in zip(PROGRAMS.items(), real, strict=True)
        if not admits(expected, value)
    ]
    assert wrong == []
