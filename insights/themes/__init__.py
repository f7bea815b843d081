"""Themes: what people complain of, or praise, below the touchpoint, in their own words.

`find` is the job that groups texts and keeps the groups from run to run; `reading` measures them.
"""
