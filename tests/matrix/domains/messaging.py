"""Who gets what at the addresses of messaging."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
