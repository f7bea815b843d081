"""The parts of the page Surveys."""
