"""Who gets what at the addresses of emergency addresses."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
