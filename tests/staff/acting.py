"""Staff as tests need them: an administrator who proved a moment ago who they are."""

import time

from django.test import Client

from apps.accounts.models import User
from apps.accounts.signing_in import sessions


def proved(browser: Client, user: User, ago: float = 0) -> Client:
    """The same browser, in which that person showed their second step so many seconds ago."""
    session = browser.session
    session[sessions.SECOND] = [user.pk, time.time() - ago]
    session.save()
    return browser
