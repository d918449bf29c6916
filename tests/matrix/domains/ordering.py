"""Who gets what at the addresses of finding and ordering numbers."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
