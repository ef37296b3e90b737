"""``list.indexOf(x) !== -1``: asked by a place, whether something is there at all, or comes first."""

from __future__ import annotations

from collections.abc import Mapping

from medpro_audit.facts import ir

_ASKED: Mapping[tuple[str, int], tuple[str, bool]] = {
    ("!==", -1): ("includes", True),
    ("!=", -1): ("includes", True),
    (">", -1): ("includes", True),
    (">=", 0): ("includes", True),
    ("===", -1): ("includes", False),
    ("==", -1): ("includes", False),
    ("<", 0): ("includes", False),
    ("===", 0): ("startsWith", True),
    ("==", 0): ("startsWith", True),
    ("!==", 0): ("startsWith", False),
    ("!=", 0): ("startsWith", False),
}
"""What a comparison of a place asks, and whether it is so where the comparison holds."""


def question_of_place(node: ir.Expression) -> tuple[ir.Call, bool] | None:
    """The same question, asked in so many words: ``list.includes(x)``, or its opposite."""
    match node:
        case ir.Binary(
            operator=operator,
            left=ir.Call(callee=ir.Member(name="indexOf") as member, arguments=(_,)) as call,
            right=right,
        ) if (asked := _ASKED.get((operator, _number(right)))) is not None:
            name, holds = asked
            callee = ir.Member(member.object, name, member.at)
            return ir.Call(callee, call.arguments, call.at, call.end), holds
    return None


def _number(node: ir.Expression) -> int:
    """A number that is written out, of which only 0 and -1 matter."""
    match node:
        case ir.Literal(value=int() as number):
            return number
        case ir.Unary(operator="-", operand=ir.Literal(value=1)):
            return -1
    return 1
