"""/numbers/"""

import pytest

from apps.numbers import services
from apps.numbers.models import Number

HTMX = {"HX-Request": "true"}


@pytest.fixture
def harbor(cast, sandbox):
    assert services.refresh_account(cast.harbor) == services.Outcome.TAKEN
    return cast.harbor


def test_the_list_shows_the_account_s_numbers_and_counts_them(harbor, cast, sign_in):
    page = sign_in(cast.viewer).get("/numbers/")
    assert page.status_code == 200
    text = page.content.decode()
    for number in Number.objects.of(harbor).values_list("number", flat=True):
        assert f'href="/numbers/{number}/"' in text
    assert "24 numbers" in text
