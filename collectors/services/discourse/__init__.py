"""Discourse's forums."""
