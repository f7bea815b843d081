"""The Journey page: where the journey breaks, and beside which other journey it does better."""
