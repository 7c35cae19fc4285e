"""Conditions as data: the few forms in which a rule says when it is broken, so that a client can ask them too.

::

    condition = ["all", condition, ...] | ["any", condition, ...] | ["not", condition]
              | [comparison, name, operand]        comparison: == != < <= > >= in
    operand   = null | true | false | number | text | [literal, ...] | {"var": name}

A name stands for a value that the place under question gives (`mammoset.domain.rule_scopes`). ``==`` and ``!=`` compare
null as any other value; ``<``, ``<=``, ``>``, ``>=`` and ``in`` are false where a side is null.
``all`` of nothing is true, ``any`` of nothing false. There is nothing else: no arithmetic, no functions, no loops.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]
"""Name to value: null (None), a truth value, a number, a text, or a list of numbers or texts."""
Condition = Sequence[Any]

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def var(name: str) -> dict[str, str]:
    """Return the operand that is the value of a name."""
    return {"var": name}


def holds(condition: Condition, values: Values) -> bool:
    """Tell whether a condition holds.

    Raises
    ------
    KeyError
        For a form or a name that there is not: a mistake in the table of rules.
    """
    kind, *rest = condition
    if kind == "all":
        return all(holds(one, values) for one in rest)
    if kind == "any":
        return any(holds(one, values) for one in rest)
    if kind == "not":
        return not holds(rest[0], values)
    left, right = values[rest[0]], _operand(rest[1], values)
    if kind == "==":
        return bool(left == right)
    if kind == "!=":
        return bool(left != right)
    if kind == "in":
        return right is not None and left is not None and left in right
    order = ORDERS[kind]
    return left is not None and right is not None and order(left, right)


def _operand(operand: Any, values: Values) -> Any:
    return values[operand["var"]] if isinstance(operand, Mapping) else operand


def names_in(condition: Condition) -> set[str]:
    """Return every name that a condition asks for."""
    kind, *rest = condition
    if kind in ("all", "any", "not"):
        return {name for one in rest for name in names_in(one)}
    operand = rest[1]
    return {rest[0], operand["var"]} if isinstance(operand, Mapping) else {rest[0]}
