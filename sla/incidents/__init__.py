"""States of checks and assets, and the incidents that failing readings make."""
