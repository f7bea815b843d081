"""Reads files of reviews, tweets, tickets and the like: formats, columns, values."""
