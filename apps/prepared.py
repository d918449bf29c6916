"""Queries that every request asks: their SQL is made once, which takes several times as long as
asking it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet


class Prepared:
    """The rows of a query that differs by one value alone, the one that its SQL names last.

    `made` gives the query, a `values_list()` with any value in that place. It is called at the
    first use, when all models are there.
    """

    def __init__(self, made: Callable[[], QuerySet[Any, Any]]) -> None:
        self._made = made

    @cached_property
    def _parts(self) -> tuple[Any, str, tuple[Any, ...], Any]:
        """The query, its SQL, the values before the last, and what turns columns into values."""
        query = self._made().query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        return (
            query,
            sql,
            tuple(values[:-1]),
            compiler.get_converters([c[0] for c in compiler.select]),
        )

    def rows(self, value: Any) -> list[list[Any]]:
        """The rows for this value. One query."""
        query, sql, values, converters = self._parts
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(sql, (*values, value))
            found = cursor.fetchall()
        compiler = query.get_compiler(connection=connection)
        return list(compiler.apply_converters(found, converters))
