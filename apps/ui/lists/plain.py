"""A word with SQLite's planner."""

from typing import Any

from django.db.models import Func


class Plain(Func):
    """The column itself, but kept from SQLite's choice of an index: without statistics it takes the
    wrong one.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra_context)
