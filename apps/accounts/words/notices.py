"""What people are told of each other, and of the connection to VoiceTel."""

from apps.notifications.kinds import KINDS, Group, Kind

MEMBERS, KEYS = "/settings/members/", "/settings/keys/"
TOLD: dict[str, Kind] = {
    "join_asked": Kind(
        Group.PEOPLE,
        "{person} asks to join {name}",
        (
            (
                "{person} entered the VoiceTel password or an API key of account {number} and wants"
                " access to it in the portal. {before}"
            ),
            (
                "They see nothing until an owner approves. The VoiceTel password is on every desk"
                " phone, so approve only people you know. If you don't know them, decline and"
                " change the VoiceTel password."
            ),
        ),
        MEMBERS,
        "Review request",
        "warn",
        always=True,
        owners=True,
    ),
    "join_waits": Kind(
        Group.PEOPLE,
        "Waiting for approval: VoiceTel account {number}",
        (
            (
                "What you entered is right. Account {number} already has owners, so one of them has"
                " to let you in. We've emailed them."
            ),
            "If nobody answers, ask a coworker who uses the portal, or contact VoiceTel support.",
        ),
        "/connect/",
        "Check your request",
    ),
    "join_approved": Kind(
        Group.PEOPLE,
        "You now have access to VoiceTel account {number}",
        ("{who} gave you access to {name}, VoiceTel account {number}. Your role: {role}.",),
        "/numbers/",
        "View numbers",
        "good",
    ),
    "join_declined": Kind(
        Group.PEOPLE,
        "Your request to join VoiceTel account {number} was declined",
        ("{who} declined your request to join VoiceTel account {number}.",),
        "/connect/",
        "Check your request",
        "bad",
    ),
    "join_declined_by_staff": Kind(
        Group.PEOPLE,
        "Request to join {name} declined: {person}",
        (
            (
                "{person} asked to join {name}, VoiceTel account {number}. VoiceTel portal staff"
                " declined the request in ticket {ticket}."
            ),
            (
                "They know the account's VoiceTel password or an API key. If you don't know them,"
                " change the VoiceTel password."
            ),
        ),
        MEMBERS,
        "Review members",
        owners=True,
    ),
    "member_joined": Kind(
        Group.PEOPLE,
        "{person} joined {name}",
        (
            (
                "{person} now has access to {name}, VoiceTel account {number}, as {role}. {by} let"
                " them in."
            ),
        ),
        MEMBERS,
        "Review members",
        owners=True,
    ),
    "member_changed": Kind(
        Group.PEOPLE,
        "{person} is now {role} on {name}",
        ("{by} changed the role of {person} on {name}, VoiceTel account {number}, to {role}.",),
        MEMBERS,
        "Review members",
        owners=True,
    ),
    "role_changed": Kind(
        Group.PEOPLE,
        "Your role on {name} is now {role}",
        ("{by} changed your role on {name}, VoiceTel account {number}, to {role}.",),
        "/",
        "Open the portal",
    ),
    "member_removed": Kind(
        Group.PEOPLE,
        "{person} was removed from {name}",
        (
            (
                "{by} removed {person} from {name}, VoiceTel account {number}. They lost access to"
                " it in the portal right away."
            ),
            (
                "They may know the account's VoiceTel password, which also works outside the"
                " portal. Change it to keep them out."
            ),
        ),
        MEMBERS,
        "Review members",
        owners=True,
    ),
    "member_renamed": Kind(
        Group.PEOPLE,
        "{before} changed their name",
        ("{before} is now called {after} in the portal. Their email address is the same.",),
        MEMBERS,
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
                " portal. Change it to keep them out."
            ),
        ),
        MEMBERS,
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
            (
                "If this wasn't you, reset your password at {recover} and ask an owner to invite"
                " you again."
            ),
        ),
        "/",
        "Open the portal",
    ),
    "left": Kind(
        Group.PEOPLE,
        "You no longer have access to {name}",
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
                "VoiceTel account {number} is connected to the portal, and you're its owner. We're"
                " loading its numbers now."
            ),
        ),
        "/numbers/",
        "View numbers",
        "good",
    ),
    "connect_refused": Kind(
        Group.CONNECTION,
        "VoiceTel account {number} is not connected",
        (
            "{reason}",
            (
                "We've deleted what you entered. Try again with the right password; an API key"
                " works too."
            ),
        ),
        "/connect/",
        "Try again",
        "bad",
    ),
    "key_dead": Kind(
        Group.CONNECTION,
        "The connection of {name} to VoiceTel stopped working",
        (
            (
                "VoiceTel declined the portal's connection to {name}, VoiceTel account {number},"
                " most likely because the account's password changed. Your calls aren't affected."
                " You can still look around in the portal, but nobody can make changes."
            ),
            "Reconnect with the account's current VoiceTel password or an API key.",
        ),
        KEYS,
        "Reconnect",
        "bad",
        owners=True,
    ),
    "reconnected": Kind(
        Group.CONNECTION,
        "{name} is connected again",
        (
            (
                "{by} reconnected {name}, VoiceTel account {number}. Its pages update again, and"
                " members can make changes."
            ),
        ),
        KEYS,
        "Check the connection",
        "good",
        owners=True,
    ),
    "reconnect_failed": Kind(
        Group.CONNECTION,
        "We couldn't reconnect {name}",
        (
            "{reason}",
            (
                "We've deleted what you entered. Try again with the current password; an API key"
                " works too."
            ),
        ),
        KEYS,
        "Try again",
        "bad",
    ),
}
KINDS.add(TOLD)
