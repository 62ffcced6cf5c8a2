"""What compiled code makes of memory, its parts and its records; see `engine.records`.

A part is the address of its words, so that to hand it on costs what a number costs. Handing on
arrays would count references to them at every call, which cost a quarter of all time; nothing is
counted here, for `Memory` keeps every array alive. A word is read as something that stays as it is
while compiled code runs: once, and not again after every store.

Like `numba_internals`, this file uses what numba does not promise to keep.
"""

from __future__ import annotations

import operator
from typing import Any

import numba
from llvmlite import ir
from numba import extending, types
from numba.core import cgutils, imputils
from numba.core.typing import templates
from numba.np import arrayobj

from journeysim.engine.records import Field, Memory, dtype_of, fields_of
from journeysim.machine_code import CHECKS_BOUNDS

_WORD_BYTES = 8
# numba has hardly any types.
_numba: Any = numba
_types: Any = types
_extending: Any = extending
_cgutils: Any = cgutils
_imputils: Any = imputils
_templates: Any = templates
_populate_array: Any = arrayobj.populate_array


class PartType(_types.Type):
    """A part of memory: the address of its words."""

    def __init__(self, part: type) -> None:
        self.part = part
        super().__init__(f"{part.__module__}.{part.__qualname__}")


class RecordsType(_types.Type):
    """A table of records: the address of the words that say where it is."""

    def __init__(self, record: type, name: str) -> None:
        self.record = _numba.from_dtype(dtype_of(record))
        self.table = name
        super().__init__(f"records {name} of {record.__module__}.{record.__qualname__}")


_extending.register_model(PartType)(_extending.models.OpaqueModel)
_extending.register_model(RecordsType)(_extending.models.OpaqueModel)


@_extending.typeof_impl.register(Memory)
def _typeof_memory(value: Memory, _: Any) -> PartType:
    return PartType(type(value))


@_extending.unbox(PartType)
def _unbox_memory(_part: Any, value: Any, c: Any) -> Any:
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return _extending.NativeValue(c.builder.inttoptr(address, _cgutils.voidptr_t))


def _type_of(field: Field, name: str) -> Any:
    if field.kind == "part":
        return PartType(field.type)
    if field.kind == "records":
        return RecordsType(field.type, name)
    if field.kind == "record":
        return _numba.from_dtype(field.dtype)
    kind = _numba.from_dtype(field.dtype)
    return _types.Array(kind, field.axes, "C") if field.kind == "array" else kind


@_templates.infer_getattr
class _PartFields(_templates.AttributeTemplate):
    key = PartType

    def generic_resolve(self, part: PartType, name: str) -> Any:
        field = fields_of(part.part).get(name)
        return None if field is None else _type_of(field, name)


@_templates.infer_getattr
class _RecordsSize(_templates.AttributeTemplate):
    key = RecordsType

    def resolve_size(self, _records: RecordsType) -> Any:
        return _types.int64


@_templates.infer_global(operator.getitem)
class _RecordsItem(_templates.AbstractTemplate):
    def generic(self, given: Any, _named: Any) -> Any:
        records, row = given
        if isinstance(records, RecordsType) and isinstance(row, _types.Integer):
            return _templates.signature(records.record, records, _types.int64)
        return None


@_templates.infer_global(operator.setitem)
class _SetRecordsItem(_templates.AbstractTemplate):
    def generic(self, given: Any, _named: Any) -> Any:
        records, row, _ = given
        if isinstance(records, RecordsType) and isinstance(row, _types.Integer):
            return _templates.signature(_types.none, records, _types.int64, records.record)
        return None


def _word(builder: Any, words: Any, place: int, kind: Any) -> Any:
    """Read a word, or what stands there as a number of another type."""
    at = builder.gep(words, [ir.Constant(ir.IntType(64), place * _WORD_BYTES)])
    loaded = builder.load(builder.bitcast(at, kind.as_pointer()))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


@_extending.lower_getattr_generic(PartType)
def _part_field(context: Any, builder: Any, part: PartType, words: Any, name: str) -> Any:
    field = fields_of(part.part)[name]
    kind = _type_of(field, name)
    if field.kind in ("part", "records"):
        made = builder.gep(words, [ir.Constant(ir.IntType(64), field.word * _WORD_BYTES)])
    elif field.kind == "record":
        address = _word(builder, words, field.word, ir.IntType(64))
        made = builder.inttoptr(address, context.get_value_type(kind))
    elif field.kind == "array":
        made = _array(context, builder, kind, words, field)
    else:
        made = _word(builder, words, field.word, context.get_value_type(kind))
    return _imputils.impl_ret_untracked(context, builder, kind, made)


def _array(context: Any, builder: Any, kind: Any, words: Any, field: Field) -> Any:
    made = context.make_array(kind)(context, builder)
    whole = ir.IntType(64)
    address = _word(builder, words, field.word, whole)
    shape = [_word(builder, words, field.word + 1 + axis, whole) for axis in range(field.axes)]
    size = context.get_constant(_types.intp, field.dtype.itemsize)
    strides = [size]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer())
    _populate_array(made, data, shape, strides, size, meminfo=None)
    return made._getvalue()


@_extending.lower_getattr_generic(RecordsType)
def _records_size(_context: Any, builder: Any, _records: Any, words: Any, _name: str) -> Any:
    return _word(builder, words, 1, ir.IntType(64))


def _row(context: Any, builder: Any, records: RecordsType, words: Any, row: Any) -> Any:
    """Return the address of a row; in a build that checks bounds, if there is such a row."""
    if CHECKS_BOUNDS:
        size = _word(builder, words, 1, ir.IntType(64))
        # Read as unsigned, so that a negative row is beyond all others.
        with builder.if_then(builder.icmp_unsigned(">=", row, size), likely=False):
            text = f"no such row of {records.table}"
            context.call_conv.return_user_exc(builder, IndexError, (text,))
    address = _word(builder, words, 0, ir.IntType(64))
    size = ir.Constant(ir.IntType(64), records.record.dtype.itemsize)
    place = builder.add(address, builder.mul(row, size))
    return builder.inttoptr(place, context.get_value_type(records.record))


@_extending.lower_builtin(operator.getitem, RecordsType, _types.Integer)
def _get_row(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    made = _row(context, builder, signature.args[0], *given)
    return _imputils.impl_ret_untracked(context, builder, signature.return_type, made)


@_extending.lower_builtin(operator.setitem, RecordsType, _types.Integer, _types.Record)
def _set_row(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    records = signature.args[0]
    words, row, other = given
    place = _row(context, builder, records, words, row)
    size = ir.Constant(ir.IntType(64), records.record.dtype.itemsize)
    _cgutils.raw_memcpy(builder, place, other, size, 1)
    return context.get_dummy_value()
