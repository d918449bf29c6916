"""What the tests of changes press, and what they read afterwards."""

from typing import Any

from apps.changes.engine import rows
from apps.changes.models import Entry


def again(entry: Entry) -> Entry:
    """The entry as its row says now."""
    found = rows.find(entry.pk)
    assert found is not None
    return found


def page(client: Any, path: str, **named: Any) -> str:
    """The page's HTML. 286 is a page that stops polling."""
    response = client.get(path, **named)
    assert response.status_code in {200, 286}, response
    return response.content.decode()
