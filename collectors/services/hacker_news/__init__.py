"""Hacker News' search."""
