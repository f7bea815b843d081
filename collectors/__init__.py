"""Pulls mentions: the contract, the runner, and one module a source."""
