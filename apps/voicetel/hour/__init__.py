"""The provider's hour: its rules, its window in the database, the budget, the line, whose turn."""
