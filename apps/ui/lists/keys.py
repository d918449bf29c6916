"""Where a page by key begins."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class Row(Func):
    """Two rows compared field by field, as one: (label, number) > (%s, %s).

    An index of these fields is entered at that very place, however many rows share the first.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        parts, params = [], list[Any]()
        for each in self.get_source_expressions():
            sql, given = compiler.compile(each)
            parts.append(sql)
            params += given
        half = len(parts) // 2
        fields, values = ", ".join(parts[:half]), ", ".join(parts[half:])
        return f"({fields}) {self.extra['sign']} ({values})", params


def behind(order: Sequence[str], values: Sequence[Any]) -> Row:
    """What comes after the row of these values. order: fields, all with the same sign."""
    fields = [F(name.removeprefix("-")) for name in order]
    sign = "<" if order[0].startswith("-") else ">"
    return Row(*fields, *map(Value, values), sign=sign)
