"""The Touchpoints page: what to fix first, how sure that is, and one touchpoint closely."""
