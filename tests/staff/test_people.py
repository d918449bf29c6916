"""/admin/people/<pk>/: one person as staff see them, and an end to all their browsers."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from apps.accounts.models import Membership, Session, User
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.audit.services import record
from apps.staff import services
from tests.accounts.arriving.walking_in import fresh, told
from tests.accounts.proof import waits
from tests.cast import connected, person
from tests.pages import flat
from tests.staff.acting import proved

FEW = 3  # queries of a page without an account of one's own
REASON = "A laptop was stolen."
SUBJECT = "VoiceTel portal staff signed you out everywhere"


@pytest.fixture
def admin(cast, sign_in) -> Client:
    return proved(sign_in(cast.admin), cast.admin)


def path(user: User) -> str:
    return f"/admin/people/{user.pk}/"


def signed_in(client: Client) -> bool:
    return client.get("/settings/security/").status_code == 200


def test_it_says_who_they_are_where_they_work_where_they_are_signed_in_and_what_they_did(
    cast, admin
):
    fresh("viewer@harbor.test").get("/settings/")
    record(cast.owner, cast.harbor, "key_asked", "of-somebody-else")
    page = flat(admin.get(path(cast.viewer)))
    assert "Viewer Harbor" in page
    assert "viewer@harbor.test" in page
    assert '<a href="/admin/accounts/1000000001/">Harbor Dental</a>' in page
    assert "A browser of an unknown kind" in page
    assert "Signed in" in page
    assert "of-somebody-else" not in page


def test_the_portals_own_people_are_listed_and_nobody_else(
    cast, admin, sign_in, django_assert_num_queries
):
    for browser in (sign_in(cast.support), admin):
        browser.get("/admin/accounts/")
    page = flat(admin.get("/admin/staff/"))
    table = page[page.index("<table") : page.index("</table>")]
    assert f'<a href="{path(cast.support)}">support@demo.test</a>' in table
    assert table.count("1 browser<") == 2
    assert "Administrator" in table
    assert "harbor.test" not in table
    with django_assert_num_queries(FEW):
        admin.get("/admin/staff/")
    for each in range(20):
        person(f"s{each}@portal.test", staff=User.Staff.SUPPORT)
    with django_assert_num_queries(FEW):
        assert "Not set up yet" in admin.get("/admin/staff/").content.decode()


def test_an_administrator_ends_every_browser_of_somebody_who_is_told_why(cast, admin, mailoutbox):
    one, two, other = (
        fresh("viewer@harbor.test"),
        fresh("viewer@harbor.test"),
        fresh("manager@harbor.test"),
    )
    page = admin.post(path(cast.viewer), {"reason": f"  {REASON} "}, follow=True).content.decode()
    assert "Viewer Harbor is signed out everywhere. We emailed them." in page
    assert not signed_in(one)
    assert not signed_in(two)
    assert signed_in(other)
    assert signed_in(admin)
    assert signed_in(fresh("viewer@harbor.test"))  # they can sign in again
    assert told(mailoutbox, "viewer@harbor.test").count(SUBJECT) == 1
    (mail,) = [each for each in mailoutbox if each.subject == SUBJECT]
    assert f"Reason: {REASON}" in " ".join(mail.body.split())


def test_it_is_recorded_and_the_owners_read_it_in_their_journal(cast, admin, sign_in):
    fresh("viewer@harbor.test")
    admin.post(path(cast.viewer), {"reason": REASON})
    event = Event.objects.of(cast.harbor).get(action="sessions_ended_by_staff")
    assert (event.actor, event.subject, event.facts) == (
        cast.admin,
        "viewer@harbor.test",
        {"reason": REASON},
    )
    assert (
        f"Done by the portal&#x27;s staff. {REASON}"
        in sign_in(cast.owner).get("/settings/audit/").content.decode()
    )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_nobody_is_signed_out_and_what_was_typed_stays(reason, cast, admin):
    browser = fresh("viewer@harbor.test")
    response = admin.post(path(cast.viewer), {"reason": reason})
    assert response.status_code == 422
    assert f'value="{reason.strip()}"' in response.content.decode() or not reason.strip()
    assert signed_in(browser)


def test_support_looks_and_is_refused_by_the_server(cast, sign_in):
    browser, support = fresh("viewer@harbor.test"), proved(sign_in(cast.support), cast.support)
    page = support.get(path(cast.viewer)).content.decode()
    assert "Only administrators can sign someone out." in page
    assert "Sign them out everywhere" not in page
    assert support.post(path(cast.viewer), {"reason": REASON}).status_code == 403
    with pytest.raises(PermissionDenied):
        services.sign_out(cast.viewer, cast.support, reason=REASON)
    assert signed_in(browser)


def test_who_proved_themselves_long_ago_is_asked_again_first(cast, admin):
    browser = fresh("viewer@harbor.test")
    proved(admin, cast.admin, ago=601)
    assert "Sign them out everywhere" in admin.get(path(cast.viewer)).content.decode()
    answer = admin.post(path(cast.viewer), {"reason": REASON})
    assert waits(answer)["next"] == path(cast.viewer)
    assert signed_in(browser)


def test_another_member_of_staff_can_be_signed_out_and_has_no_account(cast, admin, sign_in):
    support = sign_in(cast.support)
    assert support.get("/admin/accounts/").status_code == 200
    assert admin.post(path(cast.support), {"reason": REASON}).status_code == 303
    assert support.get("/admin/accounts/").status_code == 302
    assert Event.objects.across_accounts().get(action="sessions_ended_by_staff").account is None


def test_ones_own_browsers_are_ended_on_ones_own_page(cast, admin):
    assert "This is you." in admin.get(path(cast.admin)).content.decode()
    assert admin.post(path(cast.admin), {"reason": REASON})["Location"] == "/settings/security/"
    assert signed_in(admin)


@pytest.mark.parametrize("who", ["owner", "viewer", "stranger"])
def test_for_customers_there_is_nothing_there(who, cast, sign_in):
    browser, target = sign_in(getattr(cast, who)), fresh("manager@harbor.test")
    assert browser.get(path(cast.manager)).status_code == 404
    assert browser.post(path(cast.manager), {"reason": REASON}).status_code == 404
    assert signed_in(target)


def test_of_nobody_there_is_no_page(cast, admin):
    assert admin.get("/admin/people/999999999/").status_code == 404
    assert admin.post("/admin/people/999999999/", {"reason": REASON}).status_code == 404


def test_no_password_cookie_nor_secret_is_in_the_page(cast, admin):
    browser = fresh("viewer@harbor.test")
    page = admin.get(path(cast.viewer)).content.decode()
    assert "viewer@harbor.test" in page
    assert browser.session.session_key not in page
    assert cast.viewer.password not in page
    page = admin.get(path(cast.support)).content.decode()
    assert "JBSWY3DP" not in page
    assert all(row.session_key not in page for row in Session.objects.all())


def test_the_page_costs_the_same_for_one_account_and_for_thirty(
    cast, admin, django_assert_num_queries
):
    admin.get(path(cast.viewer))  # the first of a session writes it down
    with django_assert_num_queries(6):
        admin.get(path(cast.viewer))
    for each in range(30):
        account = connected(f"{2000000000 + each}", "A customer")
        Membership.objects.create(user=cast.viewer, account=account, role=Role.VIEWER)
        record(cast.viewer, account, "account_switched")
    with django_assert_num_queries(6):
        admin.get(path(cast.viewer))
