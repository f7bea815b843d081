"""Reddit's API."""
