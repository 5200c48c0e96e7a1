"""Papers: one document of blocks, many forms."""
