"""Reads files of survey answers and of customer counts."""
