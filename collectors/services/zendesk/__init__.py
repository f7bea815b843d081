"""Zendesk's API."""
