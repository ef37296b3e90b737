"""Lowered code and the ways through it."""

from collections.abc import Iterator

from extract.lowering import lowered
from medpro_audit.facts import ir

SOURCE = """
import a, { b as c } from 'd';
export default class E extends F { @g() h = 1; static { i(); } get [j]() { return this.k?.[l]; } }
export const { m, ...n } = await o, [p = 2, , q] = `r${s}t`;
label: for (const u of v) { if (w) continue label; else throw new X(...y, { z, ...aa, async *bb() { yield cc; } }); }
try { dd ||= ee ? /ff/g : (gg, hh); } catch ({ ii }) { delete jj.kk }
finally { switch (ll) { case 1: break; default: } }
function mm(@nn() oo, pp = qq => !qq) { while (rr) { ss``; } }
"""


def everything(value: object) -> Iterator[ir.Node]:
    """All nodes in a value, found by looking into every field of each."""
    if isinstance(value, ir.Node):
        yield value
        for name in value.__struct_fields__:
            yield from everything(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from everything(item)


def test_a_walk_meets_every_node_once_in_the_order_of_the_source() -> None:
    """No field that holds nodes is overlooked."""
    code = lowered(SOURCE)
    met = list(ir.walk(code))
    assert [id(node) for node in met] == [id(node) for node in everything(code)]
    assert len({type(node) for node in met}) > len(ir.NODE_FIELDS) * 3 // 4


def test_children_of_some_fields() -> None:
    """Only what stands in them; texts, numbers and what is missing are none."""
    (loop,) = lowered("for (const a of b) c();")
    assert ir.children(loop, ("iterable", "test", "kind")) == [ir.Name("b", 16)]
