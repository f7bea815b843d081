"""Telegram's exports."""
