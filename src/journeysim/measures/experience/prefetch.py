"""Fetching what will soon be read: memory then works while the processor computes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from journeysim.jit import borrowing
from journeysim.measures.experience.contact_columns import Rows
from journeysim.measures.experience.pass_records import Extras, Outputs

# They have no types.
_ir: Any = import_module("llvmlite.ir")
_tools: Any = cgutils


def _fetch(_: Any, column: Any, row: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), _tools.voidptr_t)
        kind = _ir.FunctionType(_ir.VoidType(), [_tools.voidptr_t, *[_ir.IntType(32)] * 3])
        prefetch = _tools.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        to_read, nearness, of_data = (_ir.Constant(_ir.IntType(32), each) for each in (0, 2, 1))
        builder.call(prefetch, [place, to_read, nearness, of_data])
        return context.get_dummy_value()

    return types.void(column, types.int64), code


_fetch_element: Any = intrinsic(_fetch)
#: Times that come from memory together.
TIMES_OF_A_LINE = 8


@borrowing
def fetch_times(rows: Rows, row: int) -> None:
    """Ask for the times of some contacts from a row on, which may lie behind the last.

    Nothing is read, so nothing can go wrong; it is a hint.
    """
    _fetch_element(rows.wait, row)
    _fetch_element(rows.talk.ticks, row)
    _fetch_element(rows.wrap_up.ticks, row)
    _fetch_element(rows.announced.ticks, row)


@borrowing
def fetch_judged(extras: Extras, out: Outputs, journey: int) -> None:
    """Ask for what is read and written of some journeys, from one on, once they are judged."""
    _fetch_element(extras.value, journey)
    _fetch_element(out.churn_probability, journey)
    _fetch_element(out.value_at_risk, journey)
