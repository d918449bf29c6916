"""What each operation of the hour is for, in the words of the app that wants it."""

from apps.registry import Registry

OPERATIONS = Registry[str]("operation")
