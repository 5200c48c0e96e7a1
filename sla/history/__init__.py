"""What was known at an instant, and which definition of an asset or check held when (SPEC §1, §9)."""
