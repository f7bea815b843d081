"""The parts of the Themes page."""
