"""`manage.py probe`: what the provider really answers, against what is believed of it."""
