"""The list of accounts as a file."""

from apps.accounts.models import Account
from tests.ui.files import csv_rows

CSV = "/admin/accounts/export.csv"


def test_it_has_what_the_list_shows_in_its_order(cast, sign_in):
    browser = sign_in(cast.support)
    header, *rows = csv_rows(browser.get(f"{CSV}?sort=-seen"))
    assert header[:4] == ["Account", "Name", "Connection", "People"]
    page = browser.get("/admin/accounts/?sort=-seen").context["listing"].rows
    assert [row[0] for row in rows] == [row.number for row in page]
    assert rows[0][3].endswith("and 1 more") or rows[1][3].endswith("and 1 more")
    assert csv_rows(browser.get(f"{CSV}?q=harbor"))[1][1] == "Harbor Dental"


def test_a_name_that_is_a_formula_runs_nowhere(cast, sign_in):
    Account.objects.filter(pk=cast.harbor.pk).update(name='=HYPERLINK("http://x")')
    names = [row[1] for row in csv_rows(sign_in(cast.admin).get(CSV))]
    assert '\'=HYPERLINK("http://x")' in names


def test_pages_by_key_hold_every_account_by_every_sort(cast, sign_in, monkeypatch):
    monkeypatch.setattr("apps.ui.lists.page.PAGE", 7)
    Account.objects.bulk_create(
        Account(number=f"{2000000000 + each}", name=f"Customer {each % 3}") for each in range(18)
    )
    browser = sign_in(cast.admin)
    for sort in ("number", "name", "-name", "key", "seen", "-seen", "balance", "numbers"):
        _, *rows = csv_rows(browser.get(f"{CSV}?sort={sort}"))
        assert len(rows) == len({row[0] for row in rows}) == 20
