"""The parts of the Consistency page."""
