"""A month of Harbor's conversations: answered and not, pictures, other alphabets, a STOP; and
campaigns that are not accepted.
"""

from apps.sandbox.models import Campaign, Message
from apps.sandbox.people import HARBOR, RATES
from apps.sandbox.seed.numbers import BRAND

HOUR = 3600
DESK, AFTER_HOURS, SANTOS = "2015550110", "2015550113", "2015550116"
# (own number, far end, hours ago of the first, [(direction, kind, text)], minutes between two)
TALKS: tuple[tuple[str, str, float, tuple[tuple[str, str, str], ...], int], ...] = (
    (DESK, "9175550133", 3, (
        ("in", "sms", "Thursday works! Morning is best for me."),
        ("in", "mms", ""),
        ("out", "sms", "Got it, thank you. 9:30 AM or 11:00 AM?"),
        ("in", "sms", "9:30 please"),
        ("out", "sms", "You're set for 9:30 AM with Dr. Okafor."),
    ), 9),
    (DESK, "5515550164", 1, (("in", "sms", "Do you take Delta Dental PPO?"),), 1),
    (DESK, "9175550128", 2, (("in", "sms", "Running 10 minutes late, sorry!"),), 1),
    (AFTER_HOURS, "9175550171", 28, (
        ("out", "sms", "Harbor Dental: your crown is ready. Reply STOP to opt out."),
        ("in", "sms", "Great, when can I come?"),
        ("out", "sms", "Tomorrow at 8 or at noon."),
    ), 30),
    (AFTER_HOURS, "9175550121", 50, (
        ("out", "sms", "Harbor Dental: time for your cleaning. Reply STOP to opt out."),
        ("in", "sms", "Stop."),
    ), 12),
    (SANTOS, "9175550197", 75, (("out", "sms", "Dr. Santos: see you on Monday at 8."),), 1),
    (SANTOS, "2125550118", 120, (
        ("in", "sms", "¿Puedo cambiar mi cita? 😀"),
        ("out", "sms", "Sí, claro. ¿El martes a las 10?"),
        ("in", "sms", "Perfecto, gracias 🙏"),
    ), 20),
    (SANTOS, "6465550155", 170, (
        ("out", "mms", "X-ray referral for T. Brandt"),
        ("in", "sms", "Received, thank you."),
    ), 45),
    (DESK, "9175550150", 260, (("in", "sms", "Can I move my cleaning to the week after?"),), 1),
    (DESK, "9175550160", 400, (
        ("out", "sms", "Your night guard is here. Stop by any time."),
        ("in", "sms", "Thanks! See you in June!"),
    ), 15),
    (AFTER_HOURS, "9175550181", 650, (("in", "sms", "please stop texting me about cleanings"),), 1),
)  # fmt: skip
NEVER = "97"  # the ending of far ends whose receipts never come
# (campaign, days known, description, the network's word or "" for what the review makes of it)
CAMPAIGNS = (
    ("CHARBR2", 0.0, "Recall reminders", ""),
    ("CHARBR3", 20.0, "reject: lending offers", ""),
    ("CHARBR4", 200.0, "Newsletter", "SUSPENDED"),
)


def seed(at: float) -> None:
    rows = []
    for talk, (own, far, hours, said, apart) in enumerate(TALKS):
        for place, (direction, kind, text) in enumerate(said):
            when, out = int(at - hours * HOUR + place * apart * 60), direction == "out"
            receipt = when + 8 if out and not far.endswith(NEVER) else 0
            rows.append(
                Message(
                    id=f"{0xA000 + talk * 64 + place:040x}",
                    account=HARBOR.username,
                    number=own,
                    far=far,
                    direction=direction,
                    type=kind,
                    text=text,
                    rate=RATES[kind] if out else 0,
                    at=when,
                    receipt_at=receipt,
                )
            )
    Message.objects.bulk_create(rows)
    Campaign.objects.bulk_create(
        [
            Campaign(
                campaign=campaign,
                account=HARBOR.username,
                brand=BRAND,
                description=description,
                at=at - days * 24 * HOUR,
                word=word,
            )
            for campaign, days, description, word in CAMPAIGNS
        ]
    )
