"""The provider's nouns, one file each: a plain verb is one operation."""
