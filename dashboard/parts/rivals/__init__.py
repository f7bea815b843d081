"""The parts of the page on the rivals: who is spoken of, how, about what, who is left for whom."""
