"""The self-evaluation of a year: figures that people give, beside those that the months came to."""
