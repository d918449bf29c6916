"""The portal's settings, with the toy list of tests/ui/toys.py among its addresses."""

from portal.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "tests.ui.toys"
