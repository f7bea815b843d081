"""Trustpilot's API."""
