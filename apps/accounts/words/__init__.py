"""How what is done here is said: in the journal, in notices, on the page of the hour."""
