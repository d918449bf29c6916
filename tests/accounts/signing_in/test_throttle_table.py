"""docs/security.md says the numbers that the code uses (ASVS V6.1.1)."""

from pathlib import Path

from django.conf import settings

from apps.accounts.management.commands import throttles

DOCUMENT = settings.BASE_DIR / "docs" / "security.md"


def test_the_document_lists_every_throttle_with_its_number():
    text = DOCUMENT.read_text()
    assert throttles.put_into(text) == text


def test_no_limit_is_left_out_of_the_table():
    """A new `Limit(` in the code fails here until the table has words for it."""
    written = sum(
        line.split("#")[0].count(" = Limit(") + line.split("#")[0].count(" = throttle.Limit(")
        for path in (settings.BASE_DIR / "apps").rglob("*.py")
        for line in Path(path).read_text().splitlines()
    )
    assert written == len(throttles.limits()) == len({each.name for each in throttles.limits()})
    assert set(throttles.WORDS) == {each.name for each in throttles.limits()}


def test_control_another_number_would_be_seen():
    changed = DOCUMENT.read_text().replace("| 45 | a day |", "| 46 | a day |")
    assert throttles.put_into(changed) != changed
