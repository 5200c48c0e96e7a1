"""Any figure of a judgement, followed down to readings and rules."""
