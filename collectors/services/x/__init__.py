"""X's API."""
