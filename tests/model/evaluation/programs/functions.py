"""Functions, closures, this, classes, generators, promises."""

from model.evaluation.running import FUNCTION, NOTHING, SOMETHING, Perhaps, Program, either

PROGRAMS = (
    # Functions and closures
    Program("function f(a, b) { return a + b; } out = f(1, 2);", 3),
    Program("out = f(); function f() { return g(); } function g() { return 'hoisted'; }", "hoisted"),
    Program("const f = (a) => (b) => (c) => a + b + c; out = f('x')('y')('z');", "xyz"),
    Program("const counter = () => { let n = 0; return () => { n += 1; return n; }; };\n"
            "const a = counter(), b = counter(); out = [a(), a(), b()];", [1, 2, 1]),
    Program("const f = []; for (const i of [1, 2]) f.push(() => i); out = f.map((g) => g());", [1, 2]),
    Program("const f = function g(n) { return n ? n + g(n - 1) : 0; }; out = f(3);", 6),
    Program("const f = (n) => (n === 0 ? 'end' : f(n - 1)); out = f(3);", "end"),
    Program("const f = (a, b = a + 1, ...rest) => [a, b, rest]; out = [f(1), f(1, 5, 6, 7)];",
            [[1, 2, []], [1, 5, [6, 7]]]),
    Program("function f() { return arguments.length; } out = f(1, 2, 3);", 3),
    Program("out = [(() => {})(), (() => ({}))(), (function () { return; })()];", [NOTHING, {}, NOTHING]),
    Program("out = (function () { return 1; })() + (() => 2)();", 3),
    Program("const f = (a) => { if (a) { return 'yes'; } return 'no'; }; out = [f(1), f(0), f(maybe())];",
            ["yes", "no", either("yes", "no")]),
    Program("const f = () => 1; f.a = 2; out = [f.a, f.name, ((a, b) => a).length];", [2, "f", 2]),
    Program("let a = 1; const f = () => { a = 2; }; f(); out = a;", 2),
    Program("let a = 1; { let a = 2; a += 1; } out = a;", 1),
    Program("var a = 1; { var a = 2; } out = a;", 2),
    Program("const make = ({ path, ...rest }) => ({ path: `/api${path}`, ...rest });\n"
            "out = make({ path: '/x', verb: 'get' });", {"path": "/api/x", "verb": "get"}),
    Program("const compose = (...fs) => (x) => fs.reduce((value, f) => f(value), x);\n"
            "out = compose((x) => x + 'a', (x) => x + 'b')('-');", "-ab"),
    # this
    Program("const a = { n: 1, f() { return this.n; } }; out = [a.f(), a['f']()];", [1, 1]),
    Program("function f(b) { return [this.n, b]; } const a = { n: 1 };\n"
            "out = [f.call(a, 2), f.apply(a, [3]), f.bind(a)(4), f.bind(a, 5)()];", [[1, 2], [1, 3], [1, 4], [1, 5]]),
    Program("const a = { n: 1, f() { return [7].map(() => this.n); } }; out = a.f();", [1]),
    Program("const a = { n: 1 }; const b = Object.create(a); b.m = 2; out = [b.n, b.m];", [1, 2]),
    Program("const base = { f() { return this.n; } }; const a = Object.create(base); a.n = 'a'; out = a.f();", "a"),
    Program("function A(n) { this.n = n; } A.prototype.m = function () { return this.n; }; out = new A(3).m();", 3),
    # Classes
    Program("class A { constructor(n) { this.n = n; } m() { return this.n; } } out = new A(1).m();", 1),
    Program("class A { x = 1; #y = 2; y() { return this.#y + this.x; } } out = new A().y();", 3),
    Program("class A { static n = 1; static f() { return this.n; } static { this.m = 2; } }\n"
            "out = [A.f(), A.m];", [1, 2]),
    Program("class A { get n() { return 1; } set n(v) { this.v = v; } } const a = new A(); out = a.n;", 1),
    Program("class A { static get n() { return 4; } } out = A.n;", 4),
    Program("class A { x; static a = new A(); constructor() { this.set(); } set() { this.x = 5; } } out = A.a.x;", 5),
    Program("class A { static a = A.b(); static b() { return 6; } static { this.c = this.a + 1; } } out = [A.a, A.c];",
            [6, 7]),
    Program("class A { m() { return 'a'; } } class B extends A { m() { return super.m() + 'b'; } } out = new B().m();",
            "ab"),
    Program("class A { constructor(n) { this.n = n; } } class B extends A { constructor() { super(5); this.m = 6; } }\n"
            "const b = new B(); out = [b.n, b.m];", [5, 6]),
    Program("class A { constructor(n) { this.n = n; } } class B extends A { k = this.n + 1; } out = new B(1).k;", 2),
    Program("class A { f = () => this.n; n = 3; } const { f } = new A(); out = f();", 3),
    Program("class A { constructor() { this.f = this.f.bind(this); this.n = 9; } f() { return this.n; } }\n"
            "const { f } = new A(); out = f();", 9),
    Program("const A = class { m() { return 1; } }; out = new A().m();", 1),
    Program("class A {} class B extends A {} const b = new B();\n"
            "out = [b instanceof B, b instanceof A, {} instanceof A];", [True, True, False]),
    Program("const mixin = (Base) => class extends Base { m() { return 'm'; } }; class A {}\n"
            "out = new (mixin(A))().m();", "m"),
    Program("class A { ['m' + 1]() { return 1; } } out = new A().m1();", 1),
    Program("class A {} out = [A.name, typeof A, new A()];", ["A", "function", {}]),
    Program("class A { static make() { return new this(); } m() { return 1; } } out = A.make().m();", 1),
    Program("class A { m() { return this.k(); } k() { return 'a'; } } class B extends A { k() { return 'b'; } }\n"
            "out = new B().m();", "b"),
    # Generators
    Program("function* g() { yield 1; yield 2; } out = [...g()];", [1, 2]),
    Program("function* g() { yield 1; yield 2; } out = []; for (const x of g()) out.push(x);", [1, 2]),
    Program("function* g() { yield* [1, 2]; yield; if (maybe()) yield 3; } out = [...g()];",
            [1, 2, NOTHING, Perhaps(3)]),
    Program("function* g(n) { for (let i = 0; i < n; i++) yield i; } const [a, b] = g(5); out = [a, b];", [0, 1]),
    Program("function* g() { yield 1; return 5; } out = g().next().value;", SOMETHING),
    # Promises
    Program("(async () => { out = await 1; })();", 1),
    Program("const f = async (a) => a + 1; (async () => { out = [await f(1), await Promise.resolve(5)]; })();", [2, 5]),
    Program("Promise.resolve(1).then((a) => a + 1).then((a) => { out = a; });", 2),
    Program("new Promise((resolve) => { resolve(3); }).then((a) => { out = a; });", 3),
    Program("(async () => { out = await Promise.all([1, Promise.resolve(2)]); })();", [1, 2]),
    Program("(async () => { const [a, b] = await Promise.all([(async () => 'a')(), 'b']); out = a + b; })();", "ab"),
    Program("(async () => { for (const f of [async () => 1, async () => 2]) out = await f(); })();", 2),
    Program("Promise.reject(new Error('x')).catch(() => { out = 'caught'; });", "caught"),
    Program("(async () => { out = 1; })().finally(() => { out = 2; });", 2),
    Program("setTimeout(() => { out = 'later'; }, 0);", "later"),
    Program("process.nextTick(() => { out = 'next'; });", "next"),
    Program("require('fs').readFile('x', () => { out = 'read'; });", "read"),
    Program("out = [async () => 1, function* () {}];", [FUNCTION, FUNCTION]),
)  # fmt: skip
