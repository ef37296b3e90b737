"""Branches, loops, jumps, switch, try: what is known afterwards."""

from model.evaluation.running import NOTHING, Perhaps, Program, either

PROGRAMS = (
    # Conditions
    Program("if (true) out = 1; else out = 2;", 1),
    Program("if (maybe()) out = 1; else out = 2;", either(1, 2)),
    Program("out = 0; if (maybe()) out = 1;", either(0, 1)),
    Program("if (maybe()) out = 1; else if (maybe()) out = 2; else out = 3;", either(1, 2, 3)),
    Program("const a = {}; if (maybe()) a.b = 1; out = a.b;", either(1, NOTHING)),
    Program("const a = []; if (maybe()) a.push(1); a.push(2); out = a;", [Perhaps(1), 2]),
    Program("out = maybe() ? 'a' : 'b';", either("a", "b")),
    Program("out = maybe() ? { n: 1 } : { n: 2 }; out = out.n;", either(1, 2)),
    Program("const f = maybe() ? () => 1 : () => 2; out = f();", either(1, 2)),
    Program("out = 'x' || maybe();", "x"),
    Program("let n = 0; const f = () => { n += 1; return true; }; true || f(); false && f(); null ?? f(); out = n;", 1),
    Program("let n = 0; maybe() && (n = 1); out = n;", either(0, 1)),
    Program("let n = 0; maybe() || (n = 1); out = n;", either(0, 1)),
    Program("const a = maybe(); if (a === null) out = 1; else out = 2;", either(1, 2)),
    Program("if (!maybe() || maybe()) out = 1; else out = 2;", either(1, 2)),
    Program("const f = (a) => { if (!a) return; out = 'late'; }; f(maybe());", either("late", NOTHING)),
    # Loops
    Program("out = 0; for (let i = 0; i < 4; i += 1) out += i;", 6),
    Program("out = []; for (let i = 0, j = 9; i < 2; i++, j--) out.push(i + j);", [9, 9]),
    Program("out = ''; for (const x of ['a', 'b']) out += x;", "ab"),
    Program("out = ''; for (const [k, v] of Object.entries({ a: 1, b: 2 })) out += k + v;", "a1b2"),
    Program("out = ''; for (const k in { a: 1, b: 2 }) out += k;", "ab"),
    Program("out = ''; for (const i in ['x', 'y']) out += i;", "01"),
    Program("out = ''; for (const c of 'ab') out = c + out;", "ba"),
    Program("let i = 0; while (i < 3) i += 1; out = i;", 3),
    Program("let i = 0; do { i += 1; } while (i < 3); out = i;", 3),
    Program("let i = 5; do i += 1; while (false); out = i;", 6),
    Program("for (const x of []) out = x; for (const y of [1]) { var z = y; } out = z;", 1),
    Program("let x; for (x of [1, 2]); out = x;", 2),
    Program("const a = { b: 0 }; for (a.b of [1, 2]) {} out = a.b;", 2),
    Program("out = 'none'; while (maybe()) { out = 'some'; break; }", either("none", "some")),
    # Jumps
    Program("out = []; for (const x of [1, 2, 3, 4]) { if (x === 2) continue; if (x === 4) break; out.push(x); }",
            [1, 3]),
    Program("out = 0;\n"
            "outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue outer; out += a; } }", 3),
    Program("out = 0;\n"
            "outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (a === 2) break outer; out += 1; } }", 2),
    Program("out = 1; block: { if (true) break block; out = 2; }", 1),
    Program("out = 1; block: { if (maybe()) break block; out = 2; }", either(1, 2)),
    Program("out = 0; for (const x of [1, 2]) { if (maybe()) break; out = x; }", either(0, 1, 2)),
    Program("out = []; for (const x of [1, 2]) { if (maybe()) continue; out.push(x); }", [Perhaps(1), Perhaps(2)]),
    Program("let i = 0; for (;;) { i += 1; if (i === 3) break; } out = i;", 3),
    Program("let i = 0; while (true) { i += 1; if (i > 2) break; } out = i;", 3),
    # Switch
    Program("switch ('b') { case 'a': out = 1; break; case 'b': out = 2; break; default: out = 3; }", 2),
    Program("switch ('x') { case 'a': out = 1; break; default: out = 3; }", 3),
    Program("out = []; switch (1) { case 1: out.push(1); case 2: out.push(2); break; case 3: out.push(3); }", [1, 2]),
    Program("const f = (a) => { switch (a) { case 1: return 'one'; default: return 'other'; } }; out = f(1);", "one"),
    Program("switch (true) { case false: out = 1; break; case true: { out = 2; break; } }", 2),
    Program("out = 0; switch (maybe()) { case true: out = 1; break; case false: out = 2; }", either(0, 1, 2)),
    Program("out = 0; for (const x of [1, 2]) { switch (x) { case 1: continue; default: out = x; } }", 2),
    # Try
    Program("try { out = 1; } catch (e) { out = 2; }", either(1, 2)),
    Program("try { throw new Error('x'); } catch (e) { out = 2; }", 2),
    Program("try { out = 1; } finally { out = 3; }", 3),
    Program("const f = () => { try { return 1; } finally { out = 2; } }; f();", 2),
    Program("const f = () => { try { return 1; } finally { return 2; } }; out = f();", either(1, 2)),
    Program("const f = () => { throw new Error('x'); }; try { f(); out = 1; } catch (e) { out = 2; }", either(1, 2)),
    Program("try { require('./gone'); out = 1; } catch (e) { out = 2; }", 2),
    Program("out = 1; throw new Error('x'); out = 2;", 1),
    Program("process.exit(1); out = 2;", NOTHING),
)  # fmt: skip
