"""The page of members prints the table of rights as the code has it."""

import re
from typing import Any

from apps.accounts.roles import RIGHTS, WORDS, Right, Role, roles_with
from tests.cast import Cast
from tests.team.inviting import MEMBERS

TAG = re.compile(r"<span.*?</span>")  # the role's name, which a phone shows in each cell
CELL = re.compile(r"<t[hd][^>]*>\s*(.*?)\s*</t[hd]>", re.DOTALL)


def test_the_page_says_what_each_role_can_do(cast: Cast, owner: Any) -> None:
    page = owner.get(MEMBERS).content.decode()
    table = page[page.index('id="rights"') :]
    rows = [[TAG.sub("", cell) for cell in CELL.findall(row)] for row in table.split("<tr")[1:]]
    assert rows[0] == ["Right", "Owner", "Manager", "Billing", "Viewer"]
    said = {words: answers for words, *answers in rows[1:-1]}
    assert said == {
        WORDS[right]: ["Yes" if right in RIGHTS[role] else "No" for role in Role] for right in Right
    }
    assert said["Write to support"] == ["Yes", "Yes", "Yes", "No"]
    assert rows[-1] == ["Spend in 24 hours", "No limit", "$300.00", "$300.00", "$0.00"]


def test_a_refusal_names_the_roles_that_have_the_right() -> None:
    assert {right: roles_with(right) for right in Right} == {
        Right.VIEW: "manager or billing or viewer",
        Right.MANAGE: "manager",
        Right.TICKETS: "manager or billing",
        Right.BILLING: "billing",
        Right.OWN: "owner",
    }
