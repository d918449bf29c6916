"""Who gets what at the addresses of SIP trunks."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
