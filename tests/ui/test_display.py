import pytest

from apps.ui import views


def choose(ask, **data):
    return views.display(ask("/ui/display/", method="post", data=data))


@pytest.mark.parametrize(
    ("name", "value"), [("theme", "dark"), ("theme", "light"), ("rows", "dense"), ("keys", "off")]
)
def test_a_choice_is_remembered_and_the_page_shown_again(ask, name, value):
    answer = choose(ask, **{name: value, "back": "/numbers/?q=a"})
    assert (answer.status_code, answer["Location"]) == (303, "/numbers/?q=a")
    assert answer.cookies[name].value == value


@pytest.mark.parametrize("value", ["", "purple", "<script>"])
def test_anything_else_forgets_the_choice(ask, value):
    assert choose(ask, theme=value).cookies["theme"]["max-age"] == 0


@pytest.mark.parametrize(
    "back", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "\\\\evil.test", ""]
)
def test_the_way_back_stays_within_the_portal(ask, back):
    assert choose(ask, theme="dark", back=back)["Location"] == "/"


def test_a_name_of_no_choice_sets_no_cookie(ask):
    assert not choose(ask, sessionid="x").cookies


def test_only_a_form_changes_how_pages_look(client):
    assert client.get("/ui/display/")["Location"] == "/ui/"
