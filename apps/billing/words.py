"""What the hour's calls are for, as staff see it."""

from apps.voicetel.hour.words import OPERATIONS

OPERATIONS.add({"accountRecurringCharges": "Recurring charges", "accountCdr": "Call records"})
