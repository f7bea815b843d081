"""One source a module."""
