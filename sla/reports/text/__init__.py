"""Values in words, in both languages."""
