"""Bluesky's AT protocol."""
