"""The recipe of the shipped model: `python -m models.training --help`."""
