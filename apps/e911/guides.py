"""What VoiceTel tells its customers of 911, in one place, so that an operator can mend it."""

# VoiceTel's guide
CALLER_NAME = 20  # characters of a caller name at most
SPREADS = "It can take up to 24 hours until every 911 center has it."
# VoiceTel's public price list; no operation tells an account's own rate
FEE = "$2.50"
MANY = 50  # new records, and so fees, above which their number is typed
# why VoiceTel declines an address, as far as is known
CAUSES = (
    "The suite, floor, or room is on the first line. Put it on line 2.",
    "It's a PO box. 911 needs the street where people are.",
    "The street has no type, such as St, Ave, or Rd.",
    "The ZIP code belongs to another city.",
)
STATES = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC"),
    *("FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY"),
    *("LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT"),
    *("NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH"),
    *("OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX"),
    *("UT", "VT", "VI", "VA", "WA", "WV", "WI", "WY"),
)
