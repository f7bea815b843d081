"""How good a model is: `simak evaluate --help`."""
