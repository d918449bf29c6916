"""The staff's desk: everyone's tickets, by the operator's key."""
