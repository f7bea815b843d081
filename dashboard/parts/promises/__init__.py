"""The parts of the Promises page."""
