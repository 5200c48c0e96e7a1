"""The tables of a contract file, one kind of clause a file: the keys that each may say, and the clause they make."""
