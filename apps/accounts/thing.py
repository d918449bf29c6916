"""An account, as changes and links know it; its own settings are changed at VoiceTel."""

from apps.things import Thing

ACCOUNT = Thing("account", "Account", href=lambda _: "/settings/account/")
