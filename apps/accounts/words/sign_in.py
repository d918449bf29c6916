"""What people are told of their own sign-in."""

from apps.notifications.kinds import KINDS, Group, Kind

SECURITY = "/settings/security/"
NOT_YOU = (
    "If this wasn't you, reset your password right away at {recover}, then review where you're"
    " signed in. If two-step verification was turned off or isn't yours, contact support."
)

TOLD: dict[str, Kind] = {
    "security": Kind(
        Group.SECURITY,
        "{what}",
        ("{what} {where}. We signed you out of your other browsers.", NOT_YOU),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "session_guessed": Kind(
        Group.SECURITY,
        "We signed out a browser after too many wrong passwords",
        (
            (
                "Someone signed in as you in {device}, from the network address {address}, and"
                " entered too many wrong passwords or codes. We signed that browser out. Your other"
                " browsers stay signed in."
            ),
            (
                "If this wasn't you, someone used your browser or copied its session. Reset your"
                " password at {recover}, then review where you're signed in."
            ),
        ),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "recovery_code": Kind(
        Group.SECURITY,
        "A recovery code was used to sign in",
        (
            "Someone signed in with one of your recovery codes {where}. You have {left} left.",
            "If this wasn't you, reset your password at {recover} and set up two-step verification"
            " again.",
        ),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "new_device": Kind(
        Group.SECURITY,
        "New sign-in: {device}",
        (
            (
                "Someone signed in as you in {device}, from the network address {address}, at"
                " {when}. You haven't used this browser here before, or its cookies were cleared."
            ),
            "If this wasn't you, sign that browser out and change your password.",
        ),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "address_moved": Kind(
        Group.SECURITY,
        "Your email address is now written {after}",
        (
            (
                "The portal writes each email address in one way. Yours was written {before}; we"
                " send your email to {after} from now on. You can sign in with either."
            ),
            (
                "If {after} isn't your mailbox, contact support. They can change the address after"
                " they've checked that it's you."
            ),
        ),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "address_taken": Kind(
        Group.SECURITY,
        "We can't send you email at {before}",
        (
            (
                "Your address {before} is another spelling of {after}, and another person here uses"
                " that address. You can still sign in, but we can't email you."
            ),
            (
                "Contact support to get another address for your sign-in. They can change it after"
                " they've checked that it's you."
            ),
        ),
        SECURITY,
        "Review your sign-in",
        "warn",
    ),
    "address_changed": Kind(
        Group.SECURITY,
        "Your email address is now {after}",
        (
            (
                "Support changed your sign-in's email address from {before} to {after}, as you"
                " asked. You're signed out everywhere."
            ),
            "Set a new password with “Forgot password?” on the sign-in page.",
        ),
        "/recover/",
        "Set a password",
        "warn",
    ),
}
KINDS.add(TOLD)
