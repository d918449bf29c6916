"""Who gets what at the addresses of support."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
