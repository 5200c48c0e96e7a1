"""Pictures: decoding them at arm's length, measuring them, and what is wrong with one."""
