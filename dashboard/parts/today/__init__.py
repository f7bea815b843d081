"""The parts of the first page: what is new."""
