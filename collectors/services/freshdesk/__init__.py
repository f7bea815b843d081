"""Freshdesk's API."""
