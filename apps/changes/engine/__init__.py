"""How a row is claimed, sent, waited for, looked at and settled. Others use machine.py."""
