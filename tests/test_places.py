"""Where a domain is named outside its own folders: where docs/adding-a-domain.md says."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = 12
PAGE = ROOT / "docs" / "adding-a-domain.md"
PLACE = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)
# Apps that others use or link to: their users name them too, which is no registration.
DOMAINS = ("billing", "e911", "lookups", "messaging", "porting", "support", "team", "trunking")
USED = {
    # every domain is about numbers
    "numbers": ("apps/staff/", "apps/home/", *(f"apps/{domain}/" for domain in DOMAINS)),
    "team": ("apps/accounts/", "apps/staff/"),
}


def places() -> list[str]:
    return PLACE.findall(PAGE.read_text())


def named(domain: str) -> list[str]:
    """Files of ours, outside the domain's own folders, that name it: its modules or addresses."""
    listed = subprocess.run(
        ["git", "ls-files", "--", "apps", "portal", "bench", "tests/matrix", ".importlinter"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = re.compile(rf"\bapps[./]{domain}\b|[\"']{domain}:")
    others = (path for path in listed.stdout.split() if not path.startswith(f"apps/{domain}/"))
    return [path for path in others if names.search((ROOT / path).read_text(errors="ignore"))]


def test_a_new_domain_touches_twelve_places_at_most_and_each_is_there() -> None:
    assert 0 < len(places()) <= MOST
    for place in places():
        assert (ROOT / place).exists(), place


@pytest.mark.parametrize(
    "domain",
    [
        "numbers",
        "team",
        "billing",
        "messaging",
        "e911",
        "porting",
        "trunking",
        "lookups",
    ],
)
def test_a_domain_is_named_in_the_listed_places_alone(domain: str) -> None:
    found = named(domain)
    assert {"portal/settings.py", "portal/urls.py", ".importlinter"} <= set(found)
    known = (*places(), "tests/matrix/", *USED.get(domain, ()))
    assert [path for path in found if not path.startswith(known)] == []
