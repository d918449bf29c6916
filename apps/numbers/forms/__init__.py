"""Forms of a number's settings. What a customer may set is named here field by field."""
