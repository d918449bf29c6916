"""What people are told of their sign-in, of each other, and of the connection."""

from apps.notifications.kinds import KINDS, Group, Kind

TOLD: dict[str, Kind] = {
    "security": Kind(
        Group.SECURITY,
        "{what}",
        (
            "{what}. It was done {where}, and your other browsers are signed out.",
            (
                "It was not you? Ask for a new password at /recover/ at once, then see where you"
                " are signed in. The second step gone, or somebody else's? Tell support."
            ),
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
    "session_guessed": Kind(
        Group.SECURITY,
        "A browser was signed out after too many wrong passwords",
        (
            (
                "Someone signed in as you in {device}, from the network address {address}, and"
                " entered too many wrong passwords or codes. We signed that browser out. Your other"
                " browsers stay signed in."
            ),
            (
                "If this wasn't you, someone used your browser or its session: change your password"
                " and review where you're signed in."
            ),
        ),
        "/settings/security/",
        "Review your sign-in",
        "warn",
    ),
    "recovery_code": Kind(
        Group.SECURITY,
        "A recovery code was used to sign in",
        (
            "One of your recovery codes was used {where}; {left} are left.",
            "It was not you? Set a new password and a new second step at once.",
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
    "new_device": Kind(
        Group.SECURITY,
        "A new sign-in as you: {device}",
        (
            (
                "Your sign-in was used in {device}, from the network address {address}, at {when}."
                " The portal did not know you in that browser: it is new, or its cookies were"
                " cleared."
            ),
            "It was not you? Sign that browser out and change your password at once.",
        ),
        "/settings/security/",
        "See where you are signed in",
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
        "/settings/security/",
        "Review how you sign in",
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
        "/settings/security/",
        "Review how you sign in",
        "warn",
    ),
    "address_changed": Kind(
        Group.SECURITY,
        "Your email address is now {after}",
        (
            (
                "Your sign-in's email address was changed from {before} to {after}, as you asked"
                " support to do. You're signed out everywhere."
            ),
            "Set a new password with “Forgot password?” on the sign-in page.",
        ),
        "/recover/",
        "Set a password",
        "warn",
    ),
    "join_asked": Kind(
        Group.PEOPLE,
        "{person} asks to join {name}",
        (
            (
                "{person} typed the VoiceTel password or API key of account {number} and asks to"
                " work on it in the portal. {before}"
            ),
            (
                "They see nothing of it until an owner approves. The password stands in every desk"
                " phone: approve only whom you know. You do not know them? Decline, and change the"
                " VoiceTel password."
            ),
        ),
        "/settings/members/",
        "Decide",
        "warn",
        always=True,
        owners=True,
    ),
    "join_waits": Kind(
        Group.PEOPLE,
        "VoiceTel account {number}: an owner decides",
        (
            (
                "What you typed is right, but account {number} is connected already, and its owners"
                " decide who works on it. All of them are told."
            ),
            (
                "Nobody answers? Ask somebody of your company who uses the portal, or VoiceTel's"
                " support."
            ),
        ),
        "/connect/",
        "See how it stands",
    ),
    "join_approved": Kind(
        Group.PEOPLE,
        "You may work on VoiceTel account {number}",
        ("{who} let you in to {name}, VoiceTel account {number}. Your role: {role}.",),
        "/numbers/",
        "See the numbers",
        "good",
    ),
    "join_declined": Kind(
        Group.PEOPLE,
        "VoiceTel account {number}: declined",
        ("{who} declined your request to join VoiceTel account {number}.",),
        "/connect/",
        "See how it stands",
        "bad",
    ),
    "join_declined_by_staff": Kind(
        Group.PEOPLE,
        "{person} may not join {name}",
        (
            (
                "{person} asked to join {name}, VoiceTel account {number}. The portal's staff"
                " declined it in ticket {ticket}."
            ),
            (
                "They know the VoiceTel password or an API key of the account. You do not know"
                " them? Change the VoiceTel password."
            ),
        ),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "member_joined": Kind(
        Group.PEOPLE,
        "{person} works on {name} now",
        ("{person} joined {name}, VoiceTel account {number}, as {role}. {by} let them in.",),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "member_changed": Kind(
        Group.PEOPLE,
        "{person} is {role} of {name} now",
        ("{by} changed the role of {person} on {name}, VoiceTel account {number}, to {role}.",),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "role_changed": Kind(
        Group.PEOPLE,
        "You are {role} of {name} now",
        ("{by} changed your role on {name}, VoiceTel account {number}, to {role}.",),
        "/",
        "Open the portal",
    ),
    "member_removed": Kind(
        Group.PEOPLE,
        "{person} was removed from {name}",
        (
            (
                "{by} removed {person} from {name}, VoiceTel account {number}. They see nothing of"
                " it from now on."
            ),
            "They may know the VoiceTel password: change it, as it also works outside the portal.",
        ),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "member_renamed": Kind(
        Group.PEOPLE,
        "{before} changed their name",
        ("{before} is now called {after} in the portal. Their email address is the same.",),
        "/settings/members/",
        "Review members",
        owners=True,
    ),
    "member_left": Kind(
        Group.PEOPLE,
        "{person} left {name}",
        (
            (
                "{person} left {name}, VoiceTel account {number}, and no longer has access to it in"
                " the portal."
            ),
            (
                "They may know the account's VoiceTel password, which also works outside the"
                " portal. Consider changing it."
            ),
        ),
        "/settings/members/",
        "Review members",
        owners=True,
    ),
    "you_left": Kind(
        Group.PEOPLE,
        "You left {name}",
        (
            (
                "You left {name}, VoiceTel account {number}. Your sign-in and your other accounts"
                " stay as they are."
            ),
            "If this wasn't you, reset your password and ask an owner to invite you again.",
        ),
        "/",
        "Open the portal",
    ),
    "left": Kind(
        Group.PEOPLE,
        "You no longer work on {name}",
        (
            (
                "An owner removed you from {name}, VoiceTel account {number}. Your sign-in and your"
                " other accounts stay as they are."
            ),
        ),
        "/",
        "Open the portal",
    ),
    "connected": Kind(
        Group.CONNECTION,
        "VoiceTel account {number} is connected",
        (
            (
                "VoiceTel account {number} is connected to the portal, and you are its owner. Its"
                " numbers are read now."
            ),
        ),
        "/numbers/",
        "See the numbers",
        "good",
    ),
    "connect_refused": Kind(
        Group.CONNECTION,
        "VoiceTel account {number} is not connected",
        (
            "{reason}",
            (
                "What you typed is erased. Try again with the right one; an API key works as well"
                " as the password."
            ),
        ),
        "/connect/",
        "Try again",
        "bad",
    ),
    "key_dead": Kind(
        Group.CONNECTION,
        "VoiceTel refuses the key of {name}",
        (
            (
                "VoiceTel refuses the key with which the portal works on {name}, VoiceTel account"
                " {number}. Most likely the VoiceTel password was changed. Calls go on as before."
                " Pages show the last copy, and nothing can be changed."
            ),
            "Connect the account again with its present password or an API key.",
        ),
        "/settings/keys/",
        "Connect it again",
        "bad",
        owners=True,
    ),
    "reconnected": Kind(
        Group.CONNECTION,
        "{name} is connected again",
        (
            (
                "{by} connected {name}, VoiceTel account {number}, again. Its pages show what is"
                " so, and changes go through."
            ),
        ),
        "/settings/keys/",
        "See the connection",
        "good",
        owners=True,
    ),
    "reconnect_failed": Kind(
        Group.CONNECTION,
        "{name} is not connected again",
        (
            "{reason}",
            (
                "What you typed is not kept. Type it once more; an API key works as well as the"
                " password."
            ),
        ),
        "/settings/keys/",
        "Try again",
        "bad",
    ),
}
KINDS.add(TOLD)
