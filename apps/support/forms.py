"""What members write to VoiceTel support."""

import re
from typing import Any, ClassVar

from django import forms

from apps.changes.kit.forms import ChangeForm
from apps.ui.forms import NameField

MOST = 20_000  # letters of a text
SECRETS = (
    (re.compile(r"\b[0-9a-fA-F]{32}\b"), "an API key"),
    (re.compile(r"\bpass(?:word|code)?\s*(?:is\b|[:=])", re.IGNORECASE), "a password"),
    (re.compile(r"\bPIN\b\s*(?:is\b|[:=#])?\s*[0-9]{4,}", re.IGNORECASE), "a PIN"),
)


class TextField(forms.CharField):
    """A text of several lines. Nothing of it is cut; one that is too long is refused."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=True, **kwargs)

    def to_python(self, value: Any) -> str:
        found = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\x00", "")
        if len(found) > MOST:
            raise forms.ValidationError(
                f"Use {MOST:,} characters or fewer. This has {len(found):,}.", code="max_length"
            )
        return found


def secrets_in(text: str) -> list[str]:
    """What in a text should not be sent to anybody: "a password", "a PIN"."""
    return [called for pattern, called in SECRETS if pattern.search(text)]


class WritingForm(ChangeForm):
    """A text that is sent once. What looks like a secret in it is asked about first."""

    agreed = forms.BooleanField(required=False, label="Send it anyway")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warned: list[str] = []

    def whole(self) -> str:
        """The text that a valid form sends."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and (warned := secrets_in(self.whole())):
            self.warned = warned
            if not found.get("agreed"):
                raise forms.ValidationError(
                    f"This looks like it contains {' and '.join(warned)}. VoiceTel never needs it:"
                    " remove it, or confirm below that it's something else. Nothing was sent.",
                    code="secret",
                )
        return found


class ReplyForm(WritingForm):
    """seen: the thread id of support's last message that the page showed."""

    text = TextField(
        label="Your reply", error_messages={"required": "Write something before you send."}
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def whole(self) -> str:
        return str(self.cleaned_data.get("text", ""))


class StatusForm(ChangeForm):
    """Close, or open again."""

    status = forms.ChoiceField(
        choices=[("closed", "Close"), ("active", "Reopen")], widget=forms.HiddenInput
    )


class TicketForm(WritingForm):
    """What VoiceTel asks of a good ticket: one problem, and what someone needs to find it."""

    PARTS: ClassVar[dict[str, str]] = {
        "facts": "About",
        "happened": "What happened",
        "expected": "Expected",
        "since": "Since",
        "numbers": "Numbers",
        "checked": "Already checked",
    }
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=150)
    facts = TextField(
        label="What it's about",
        rows=6,
        required=False,
        help_text="What this portal knows of it. Change what isn't right.",
    )
    subject = NameField(
        most=200,
        label="Subject",
        help_text=(
            "One problem per ticket, in a few words: “Texts from (201) 555-0110 not delivered”."
        ),
        error_messages={"required": "Say what it's about in a few words."},
    )
    happened = TextField(
        label="What happened",
        rows=5,
        help_text="With one example: the time, from which number, to which number, and any exact"
        " error message.",
        error_messages={"required": "Say what happened."},
    )
    expected = TextField(label="What you expected instead", rows=2, required=False)
    since = TextField(
        label="Since when",
        rows=1,
        required=False,
        help_text="With the time zone: “since Monday about 9:00 AM, New York time”.",
    )
    numbers = TextField(
        label="Which numbers", rows=2, required=False, help_text="And which ones work, if some do."
    )
    checked = TextField(label="What you already checked", rows=2, required=False)

    def whole(self) -> str:
        """The parts that were filled in, each under its name."""
        said = [(name, self.cleaned_data.get(part, "")) for part, name in self.PARTS.items()]
        filled = [(name, text) for name, text in said if text]
        if len(filled) == 1:
            return str(filled[0][1])
        return "\n\n".join(f"{name}: {text}" for name, text in filled)

    def typed(self) -> dict[str, str]:
        """What was typed, whether it's valid or not: what a draft keeps."""
        return {part: str(self.data.get(part, "")) for part in ("subject", "about", *self.PARTS)}
