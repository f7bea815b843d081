"""Numbers from the store: each with its interval, its n and its denominator."""
