"""Adapts a model to one house without training its encoder: own touchpoints, corrections."""
