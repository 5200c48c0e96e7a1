"""A site: its assets and checks, how they are looked at, and where its secrets lie."""
