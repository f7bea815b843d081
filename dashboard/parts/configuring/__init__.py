"""The parts of the Settings page, one module a part."""
