"""How good a model is: `python -m models.evaluation --help`."""
