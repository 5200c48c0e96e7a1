"""What a person wrote, read: TOML with its lines, units, models, and mistakes as values."""
