"""The form that sends a message: nothing goes without its price, and what is odd is asked first."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from apps.accounts.models import Account, User
from apps.changes.kit.forms import ChangeForm
from apps.changes.models import Entry
from apps.changes.states import State
from apps.messaging import pictures as addresses
from apps.messaging import segments
from apps.messaging.changes import SendMessage
from apps.messaging.models import Conversation, Kind
from apps.messaging.rates import is_on, rate_of
from apps.messaging.selectors import states
from apps.messaging.services import opting
from apps.messaging.thing import MESSAGE, pair
from apps.numbers.international import dear
from apps.ui.format import clock as clock_of
from apps.ui.format import count, phone, rate
from apps.ui.forms import PhoneField
from apps.voicetel import clock

REPEAT = timedelta(minutes=2)
A_MINUTE = 20  # messages of one person by hand
UNSURE = (State.SENDING, State.DOUBT, State.ASK)


class MessageForm(ChangeForm):
    """A message of one conversation.

    price: what the page showed, in micro-dollars; agreed: what was asked and is pressed again for;
    seen: the last message that came in when the form was shown.
    """

    text = forms.CharField(
        label="Message",
        widget=forms.Textarea(attrs={"rows": 2, "data-text": True}),
        strip=False,
        error_messages={"required": "Write a message first."},
    )
    pictures = forms.CharField(
        label="Picture addresses",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-media": True, "spellcheck": "false"}),
        help_text="One https:// address a line, 10 at most. VoiceTel fetches them; we don't.",
    )
    price = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    agreed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(
        self,
        account: Account,
        by: User,
        data: QueryDict | None = None,
        *,
        talk: Conversation | None = None,
        draft: str = "",
    ) -> None:
        self.account, self.by, self.talk = account, by, talk
        self.asked: dict[str, str] = {}  # a code and a sentence for each thing that is odd
        seen = talk.last_in_at.isoformat() if talk and talk.last_in_at else ""
        super().__init__(data, initial={"text": draft, "seen": seen})

    def clean_text(self) -> str:
        text = segments.clean(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("Write a message first.")
        if len(text) > segments.LONGEST:
            most = f"{segments.LONGEST:,}"
            raise forms.ValidationError(
                f"A message has {most} characters at most. This has {len(text):,}."
            )
        return text

    def clean_pictures(self) -> tuple[str, ...]:
        found = addresses.listed(self.cleaned_data["pictures"])
        if len(found) > addresses.MOST:
            raise forms.ValidationError(f"Use {addresses.MOST} addresses at most.")
        for each in found:
            if why := addresses.wrong(each):
                raise forms.ValidationError(f"{each[:100]}: {why}")
        return tuple(found)

    def ends(self) -> tuple[str, str]:
        """(own number, far end); "" for what is not known yet."""
        return (self.talk.number, self.talk.far) if self.talk else ("", "")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        number, far = self.ends()
        if not number or not far or "text" not in found or "pictures" not in found:
            return found
        if why := self._hindered(number, far):
            raise forms.ValidationError(why)
        self._ask(far, found["text"], found["pictures"])
        codes = ",".join(sorted(self.asked))
        shown = str(self.change().price())
        if self.asked and found.get("agreed") != codes:
            raise forms.ValidationError(" ".join(self.asked.values()), code="asks")
        if found.get("price") != shown:
            raise forms.ValidationError(
                f"{self.cost_words()}. Press Send to send it.", code="price"
            )
        return found

    def again(self) -> None:
        """Show the form with what a second press agrees to."""
        self.renew()
        data: dict[str, Any] = {name: self.data.get(name, "") for name in self.fields}
        data["agreed"] = ",".join(sorted(self.asked))
        if self.talk and self.talk.last_in_at:
            data["seen"] = self.talk.last_in_at.isoformat()
        if self.cleaned_data.get("text") and "pictures" in self.cleaned_data and all(self.ends()):
            data["price"] = str(self.change().price())
        self.data = data

    def change(self) -> SendMessage:
        number, far = self.ends()
        return SendMessage(
            self.account,
            pair(number, far),
            text=self.cleaned_data["text"],
            media=self.cleaned_data["pictures"],
        )

    def cost_words(self) -> str:
        """ "2 segments, $0.015 at most"."""
        change = self.change()
        what = count(segments.count(change.text).segments, "segment")
        return f"{'A picture message' if change.media else what}, {rate(change.price())} at most"

    def _hindered(self, number: str, far: str) -> str:
        """Why nothing can go from here to there now."""
        state = states.find_state(self.account, number)
        kind = Kind.MMS if self.cleaned_data["pictures"] else Kind.SMS
        if state is None or not states.verdict_of(self.account, state).yes:
            return f"{phone(number)} can't send messages now. Texting numbers says why."
        if not is_on(self.account, kind):
            return "Picture messages are off for this account. Ask VoiceTel to turn them on."
        if rate_of(self.account, kind) is None:
            return (
                "VoiceTel hasn't told us your price for messages yet. Try again in a few minutes."
            )
        if out := opting.open_of(self.account, number, far):
            at = clock_of(out.since, self.account.zone)
            return f"{phone(far)} opted out ({at}), so this number can't text it. Nothing was sent."
        if number == far:
            return "A number can't text itself."
        now = clock.about_now()
        mine = Entry.objects.of(self.account).filter(thing=MESSAGE.name, by=self.by)
        if mine.filter(created_at__gt=now - timedelta(minutes=1)).count() >= A_MINUTE:
            return (
                f"You've sent {A_MINUTE} messages in a minute. Wait a moment, then send this one."
            )
        return ""

    def _ask(self, far: str, text: str, media: tuple[str, ...]) -> None:
        now = clock.about_now()
        same = Entry.objects.of(self.account).filter(
            thing=MESSAGE.name, subject__endswith=f":{far}", args__text=text
        )
        if same.filter(state__in=UNSURE).exists():
            self.asked["twin"] = (
                "We're still checking whether the same message went out. Sending it again may"
                " send it twice."
            )
        elif (
            same.filter(created_at__gt=now - REPEAT)
            .exclude(Q(state=State.REFUSED) | Q(state=State.CLOSED))
            .exists()
        ):
            self.asked["repeat"] = (
                "You sent the same message to this number less than 2 minutes ago."
            )
        heard = self.talk.last_in_at.isoformat() if self.talk and self.talk.last_in_at else ""
        if heard and self.cleaned_data.get("seen") != heard:
            self.asked["answered"] = "A new message came in since you opened this page."
        for each in media:
            if why := addresses.doubtful(each):
                self.asked["picture"] = why
        if cost := dear(far):
            self.asked["international"] = (
                f"This number goes to {cost.place}. VoiceTel may charge more than the price shown."
            )


class NewMessageForm(MessageForm):
    """A message to anyone: from one of the numbers that can text."""

    number = forms.ChoiceField(
        label="From", error_messages={"required": "Choose one of your numbers."}
    )
    to = PhoneField(
        label="To", error_messages={"required": "Enter the number that gets the message."}
    )

    field_order = ("number", "to", "text", "pictures")

    def __init__(self, account: Account, by: User, data: QueryDict | None = None) -> None:
        super().__init__(account, by, data)
        senders = states.list_senders(account)
        self.fields["number"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (number, f"{phone(number)} {label}".strip()) for number, label in senders
        ]

    def ends(self) -> tuple[str, str]:
        found = self.cleaned_data
        return found.get("number", ""), found.get("to", "")
