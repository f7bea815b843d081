"""Texts into tags: the tagger's contract, the shipped model and what made it."""
