"""Where what is said to be known isn't true: known gaps, and what is assumed of programs on purpose."""

from model.evaluation.running import NOTHING, SOMETHING, Program, either

PROGRAMS = (
    # A program is taken to start, so what leads to a failure does not happen.
    Program("out = 1; if (maybe()) throw new Error('x'); out = 2;", 2),
    # What a block did before it failed is lost.
    Program("try { out = 1; throw 0; } catch { } finally { out = [out]; }", [NOTHING]),
    # A loop that may go on goes on once.
    Program("out = 0; while (maybe()) out += 1;", either(0, 1)),
    # What is put into a map under a condition is there.
    Program("const m = new Map(); if (maybe()) m.set('a', 1); out = m.get('a');", 1),
    # A list that is spread without being known stands for one element.
    Program("out = [...new Array(3), 2];", [SOMETHING, 2]),
    Program("const a = { x: 1 }; const b = structuredClone(a); b.x = 2; out = a.x;", 2),
)
