"""A read-only HTTP API: what the `simak show` commands say, for other programs."""
