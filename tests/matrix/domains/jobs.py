"""Who gets what at the addresses of jobs."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
