"""Who gets what at the addresses of porting."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
