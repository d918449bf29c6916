"""Who gets what at the addresses of look-ups."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
