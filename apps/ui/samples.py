"""Things to show on /ui/: a list, forms in each condition, and every tone."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.ui.forms import PhoneField, PlainForm, TypedWordField
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

SPEC: ListSpec[Any] = ListSpec(
    columns=(
        Column("number", "Number", sort="number"),
        Column("label", "Label", sort="label"),
        Column("route", "Route", narrow=False, roomy=True),
        Column("forward", "Forward", narrow=False),
        Column("cost", "Monthly", right=True, sort="cost", narrow=False),
        Column("flags", "Flags"),
    ),
    default_sort="number",
    filters=(
        Filter(
            "route",
            "Route",
            (Choice("did", "DID"), Choice("gateway", "Gateway"), Choice("none", "No route")),
        ),
        Filter("forward", "Forwarded", (Choice("yes", "Forwarded"), Choice("no", "Not forwarded"))),
    ),
    sizes=(5, 10, 50),
    searchable="Search numbers and labels",
)
ROWS = (
    ("2015551234", "Front desk", "DID", "", 500_000, "SMS"),
    ("2015551240", "Dr Okafor", "DID", "9175550188", 500_000, "SMS"),
    (
        "2015551241",
        "A label as long as people give, for the night line of the second surgery",
        "Gateway Chicago-2",
        "",
        1_250_000,
        "",
    ),
    ("8005550199", "", "No route", "", 2_000_000, ""),
)

TOKENS = (
    *("bg", "surface", "raised", "text", "muted", "faint", "line", "line-strong"),
    *("accent", "accent-text", "accent-soft", "good", "warn", "bad", "info", "focus"),
)


class Sample(PlainForm):
    """A field of each kind."""

    to = PhoneField(label="Forward calls to", help_text="Ten digits, in any form.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    route = forms.ChoiceField(label="Route", choices=[("did", "DID"), ("gw", "Gateway Chicago-2")])
    how = forms.ChoiceField(
        label="When", choices=[("now", "Now"), ("later", "At night")], widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Tell the owners by mail", required=False)


class Danger(PlainForm):
    word = TypedWordField("(201) 555-1234", help_text="The number leaves the account for good.")


def sample(theme: str) -> dict[str, Any]:
    """The forms of one theme's set; ids differ, for both stand on one page."""
    return {
        "theme": theme,
        "part": f"ui-{theme}",
        "form": Sample(initial={"to": "9175550188"}, auto_id=f"{theme}_%s"),
        "wrong": Sample({"to": "911", "route": "x"}, auto_id=f"{theme}_wrong_%s"),
        "danger": Danger({"word": "201"}, auto_id=f"{theme}_danger_%s"),
    }


def context(request: HttpRequest) -> dict[str, Any]:
    state = ListState.of(SPEC, request)
    at = format.now()
    return {
        "samples": [sample("light"), sample("dark")],
        "tokens": TOKENS,
        "state": state,
        "menus": state.menus({"route": {"did": 120, "gateway": 16, "none": 1}}),
        "headers": state.headers(),
        "rows": [
            dict(zip((column.name for column in SPEC.columns), row, strict=True)) for row in ROWS
        ],
        "window": state.window(137),
        "tones": ("neutral", "info", "good", "warn", "bad", "accent"),
        "before": at - timedelta(minutes=2),
        "old": at - timedelta(hours=5),
        "soon": at + timedelta(minutes=18),
    }
