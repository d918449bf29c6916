"""Tickets. Only what someone may see is decoded: never cc, bcc, the customer's notes, custom
fields or folders.

Notes and drafts are for staff; `for_customer()` is the list that a customer may see.
"""

from apps.voicetel.client.records.base import Moment, Record, Text


class Person(Record, frozen=True):
    """Who wrote, asked or works on it. `type`: customer or user (staff)."""

    id: int | None = None
    type: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None


class Attachment(Record, frozen=True):
    """A file outside: `file_url` is someone else's address. `size` in bytes."""

    id: int | None = None
    file_name: str = ""
    file_url: str = ""
    mime_type: str | None = None
    size: int | None = None


class Attachments(Record, frozen=True):
    attachments: tuple[Attachment, ...] = ()


class Action(Record, frozen=True):
    """What a system thread tells of: that the ticket was assigned, merged, closed."""

    type: str = ""
    text: str = ""


class Thread(Record, frozen=True):
    """One message.

    `type`: customer, message or note; `state`: draft or published; `body`: HTML written outside, a
    note's plain text. `action`: for staff only, as is `assigned_to`, but for an author's name.
    """

    id: int
    type: str = ""
    state: str = ""
    status: str | None = None
    body: str | None = None
    created_at: Moment | None = None
    created_by: Person | None = None
    opened_at: Moment | None = None
    action: Action | None = None
    assigned_to: Person | None = None
    embedded: Attachments | None = None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return self.embedded.attachments if self.embedded else ()

    @property
    def first_name(self) -> str:
        """Of who wrote it, where the answer tells: VoiceTel names the author by an id, and beside
        it, in full, who the thread is assigned to.
        """
        if self.created_by is None:
            return ""
        known = self.assigned_to
        same = known and known.id == self.created_by.id and self.created_by.type == "user"
        return self.created_by.first_name or (known.first_name if same and known else "") or ""

    @property
    def public(self) -> bool:
        """A customer may see it: named so by both type and state, so that what is new
        stays hidden.
        """
        return self.type in ("customer", "message") and self.state == "published"


class Threads(Record, frozen=True):
    threads: tuple[Thread, ...] = ()


class TicketMessages(Record, frozen=True):
    """supportTicketMessages."""

    messages: list[Thread]


class Ticket(Record, frozen=True):
    """`status`: active, pending, closed or spam; `state`: draft, published or deleted; `number`:
    what people call it.
    """

    id: int
    status: str
    number: Text | None = None
    subject: str | None = None
    preview: str | None = None
    type: str | None = None
    state: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    closed_at: Moment | None = None
    threads_count: int | None = None
    customer: Person | None = None
    assignee: Person | None = None
    created_by: Person | None = None
    embedded: Threads | None = None

    @property
    def threads(self) -> tuple[Thread, ...]:
        """For staff: notes and drafts among them."""
        return self.embedded.threads if self.embedded else ()

    def for_customer(self) -> list[Thread]:
        return [thread for thread in self.threads if thread.public]


class OneTicket(Record, frozen=True):
    """ticketsGet, ticketsCreate."""

    ticket: Ticket


class Tickets(Record, frozen=True):
    """ticketsList.

    There may be more than these: say "N of `total_count`"; there is no page parameter.
    """

    tickets: list[Ticket]
    total_count: int | None = None


class TicketUpdated(Record, frozen=True):
    """ticketsPut."""

    id: int | None = None
    status: str = ""
