"""A test tool: words that only Harbor Dental's members may read, and whether somebody else read
one.
"""

from django.test import Client

from tests.accounts.arriving.walking_in import HARBOR

PLANTED = "Zanzibar"  # stands in a label of Harbor's, in its name and beside its people


PAGES = (
    "/",
    "/connect/",
    "/numbers/",
    "/numbers/2015550110/",
    "/settings/",
    "/settings/keys/",
    "/settings/members/",
    "/settings/audit/",
    "/switch/",
)


def sees(client: Client) -> bool:
    """Whether any page of the portal shows that browser a byte that was planted."""
    client.post("/switch/", {"account": HARBOR})
    return any(PLANTED in client.get(path, follow=True).content.decode() for path in PAGES)
