import html
import json
import re
from types import SimpleNamespace

import pytest
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts.models import Membership, Profile
from apps.ui import context
from tests.pages import flat


@pytest.fixture
def harbor():
    return SimpleNamespace(
        number="1000000001",
        zone="America/New_York",
        key_state="live",
        profile=SimpleNamespace(about=182_400_000, read_at=None),
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_remembered_theme_is_there_before_the_first_paint(ask, theme):
    request = ask()
    request.COOKIES["theme"] = theme
    assert f'<html lang="en" data-theme="{theme}">' in flat(
        render_to_string("narrow.html", {}, request)
    )


@pytest.mark.parametrize("theme", ["", "purple", '"><script>'])
def test_without_a_sound_choice_the_system_decides(ask, theme):
    request = ask()
    request.COOKIES["theme"] = theme
    assert '<html lang="en">' in flat(render_to_string("narrow.html", {}, request))


def test_htmx_evaluates_nothing_keeps_nothing_and_asks_no_other_host(ask):
    page = render_to_string("narrow.html", {}, ask())
    config = json.loads(
        re.search(r'name="htmx-config" content="([^"]+)"', page)[1].replace("&quot;", '"')
    )
    assert config == {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "auto",
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "[45]..", "swap": True, "error": True},
        ],
    }


def test_fragments_post_with_the_token_of_the_page(ask):
    page = html.unescape(render_to_string("narrow.html", {}, ask()))
    assert re.search(r'hx-headers="\{"X-CSRFToken": "\w{64}"\}"', page)


def test_a_request_without_an_account_gets_the_bare_frame(rf):
    shown = context.shell(rf.get("/login/"))
    assert (shown["account"], shown["balance"], shown["key_dead"], shown["zone"]) == (
        None,
        None,
        False,
        "UTC",
    )


def test_the_frame_shows_the_balance_with_its_age(ask, harbor):
    request = ask("/")
    request.account = harbor
    shown = context.shell(request)
    assert (shown["balance"], shown["zone"]) == (182_400_000, "America/New_York")


def test_an_account_that_was_never_read_has_no_balance(ask, harbor):
    request = ask("/")
    del harbor.profile
    request.account = harbor
    assert context.shell(request)["balance"] is None


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", "/"),
        ("/numbers/", "/numbers/"),
        ("/numbers/2015551234/", "/numbers/"),
        ("/settings/audit/", "/settings/audit/"),
        ("/jobs/", "/jobs/"),
        ("/search/", ""),
    ],
)
def test_one_place_of_the_side_bar_is_the_current_one(path, here):
    assert context.current(path, list(context.side_bar())) == here


@pytest.mark.parametrize(
    ("account", "staff", "shown"),
    [
        (False, False, ["Home", "Settings"]),
        (False, True, ["Settings", "Staff"]),
        (True, False, ["Home", "of the account", "Settings"]),
        (True, True, ["Home", "of the account", "Settings", "Staff"]),
    ],
)
def test_the_side_bar_lists_only_the_pages_that_this_person_can_use(
    ask, harbor, account, staff, shown
):
    request = ask()
    request.user = SimpleNamespace(is_staff=staff)
    request.account = harbor if account else None
    places = context.places(request)
    words = ["of the account" if each.needs == "account" else each.label for each in places]
    assert list(dict.fromkeys(words)) == shown


def framed(ask, cast, others=()):
    """The frame of a page as a member of these accounts sees it."""
    request = ask("/numbers/")
    request.user = cast.owner
    request.account = cast.harbor
    request.membership = Membership(user=cast.owner, account=request.account, role="owner")
    request.memberships = [
        request.membership,
        *(
            Membership(user=cast.owner, account=getattr(cast, each), role="viewer")
            for each in others
        ),
    ]
    return render_to_string("base.html", {}, request)


def test_an_account_alone_is_a_link_and_opens_nothing(ask, cast):
    page = framed(ask, cast)
    assert 'class="menu account"' not in page
    assert "/switch/" not in page
    assert page.count("Harbor Dental") >= 3  # side bar, drawer, header of a phone


def test_with_several_accounts_the_name_opens_the_others_and_leads_to_them_on_a_phone(ask, cast):
    page = flat(framed(ask, cast, others=["northwind"]))
    assert 'class="menu account"' in page
    assert re.search(r'class="header-account" href="/switch/">Harbor Dental', page)
    assert re.search(r'class="drawer-list"> ?<a class="account-now" href="/switch/"', page)


def test_the_balance_has_its_name_and_leads_to_billing(ask, cast):
    Profile.objects.create(account=cast.harbor, balance=182_400_000, read_at=timezone.now())
    page = flat(framed(ask, cast))
    assert re.search(
        r'<a class="balance" href="/billing/"[^>]*><span>Balance</span> <b [^>]*>\$182.40', page
    )


def test_a_page_has_one_lasting_live_region_and_a_fragment_speaks_into_it(ask):
    spoken = Template("{% say '3 results' %}")
    page = render_to_string("base.html", {}, ask())
    assert page.count('id="say"') == 1
    assert re.search(r'<p id="say" class="sr-only" role="status"></p>', page)
    whole, part = ask(), ask(htmx="numbers-table")
    assert spoken.render(RequestContext(whole)) == ""
    assert (
        spoken.render(RequestContext(part)) == '<p id="say" hx-swap-oob="innerHTML">3 results</p>'
    )


def test_single_key_shortcuts_stay_off_once_they_were_switched_off(ask):
    request = ask()
    request.COOKIES["keys"] = "off"
    assert ' data-keys="off"' in flat(render_to_string("base.html", {}, request))
    assert "data-keys" not in render_to_string("base.html", {}, ask())


def test_a_place_whose_address_does_not_exist_is_not_shown():
    assert not context.exists("/no/such/page/")
    assert context.exists("/numbers/")


def test_a_dead_key_is_told_to_everyone_and_its_mending_to_owners(ask, harbor):
    harbor.key_state = "dead"
    for role, owner in (("owner", True), ("viewer", False)):
        request = ask()
        request.account = harbor
        request.membership = SimpleNamespace(role=role, get_role_display=lambda: "x")
        page = render_to_string("base.html", {}, request)
        assert "Your VoiceTel connection stopped working" in page
        assert ("/settings/keys/" in page) is owner


def test_the_frame_asks_the_database_nothing(ask, cast, settings, django_assert_num_queries):
    settings.UI_CLOCK = ""
    Profile.objects.create(account=cast.harbor, balance=182_400_000, read_at=timezone.now())
    request = ask("/numbers/")
    request.user = cast.owner
    request.membership = cast.owner.memberships.select_related("account__profile").get()
    request.account = request.membership.account
    with django_assert_num_queries(0):
        page = render_to_string("base.html", {}, request)
    assert "$182.40" in page
    assert "Harbor Dental" in page
