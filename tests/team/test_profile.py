"""/settings/: one's own name, and what else is known."""

from apps.accounts.models import User
from apps.audit.models import Event
from tests.pages import words


def test_own_name_is_saved_and_noted(cast, sign_in):
    client = sign_in(cast.viewer)
    response = client.post("/settings/", {"name": "  Ada   Viewer "})
    assert (response.status_code, response["Location"]) == (303, "/settings/")
    assert User.objects.get(pk=cast.viewer.pk).name == "Ada Viewer"
    assert "Your name is saved." in client.get("/settings/").content.decode()
    event = Event.objects.of(cast.harbor).get()
    assert event.action == "name_changed"
    assert event.facts["after"] == event.actor_name != event.facts["before"]


def test_a_name_that_is_too_long_is_refused_and_kept_in_the_field(cast, sign_in):
    response = sign_in(cast.viewer).post("/settings/", {"name": "x" * 81})
    assert response.status_code == 422
    assert "x" * 81 in response.content.decode()


def test_only_the_name_can_be_changed_here(cast, sign_in):
    sign_in(cast.viewer).post(
        "/settings/", {"name": "A", "email": "other@x.test", "staff": "admin", "is_active": ""}
    )
    user = User.objects.get(pk=cast.viewer.pk)
    assert (user.email, user.staff, user.is_active) == ("viewer@harbor.test", "", True)


def test_the_accounts_zone_and_the_role_are_shown(cast, sign_in):
    page = words(sign_in(cast.billing).get("/settings/"))
    assert "America/New_York" in page
    assert "Your role: Billing" in page


def test_staff_without_account_have_their_own_page(cast, sign_in):
    page = sign_in(cast.support).get("/settings/").content.decode()
    assert "support@demo.test" in page
    assert "Time zone" not in page


def test_markup_in_a_name_is_text(cast, sign_in):
    client = sign_in(cast.owner)
    client.post("/settings/", {"name": "<script>alert(1)</script>"})
    page = client.get("/settings/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_nobody_is_sent_to_sign_in(client, db):
    assert client.get("/settings/")["Location"] == "/login/?next=/settings/"


def test_other_methods_are_refused(cast, sign_in):
    assert sign_in(cast.owner).delete("/settings/").status_code == 405
