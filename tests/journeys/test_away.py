"""The portal goes away for a moment under an open page: what the page asks for by itself is asked
for again.
"""

from playwright.sync_api import Route, expect

from tests.journeys.browsing import Visit
from tests.portal.running import Running


def test_a_page_that_asks_by_itself_outlives_a_moment_without_the_portal(
    demo: Running, visit: Visit
) -> None:
    page = visit("/numbers/", login="1000000001", refused=(503,))
    age = page.locator("#numbers-age")
    expect(age.get_by_role("button", name="Refresh")).to_be_visible(timeout=30_000)
    missed: list[str] = []

    def away(route: Route) -> None:
        if len(missed) < 2:
            missed.append(route.request.url)
            route.fulfill(
                status=503,
                content_type="text/html",
                body='<div role="alert">Not available for the moment</div>',
            )
        else:
            route.continue_()

    page.route("**/numbers/age/**", away)
    demo.control(
        "POST", "faults", {"operation": "numbersList", "kind": "delay", "times": 1, "seconds": 1}
    )
    age.get_by_role("button", name="Refresh").click()
    expect(age).to_contain_text("Updating")
    expect(age.get_by_role("button", name="Refresh")).to_be_visible(timeout=30_000)
    assert len(missed) == 2
    expect(page.get_by_role("alert")).to_have_count(0)
