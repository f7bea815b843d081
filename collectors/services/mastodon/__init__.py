"""Mastodon's servers."""
