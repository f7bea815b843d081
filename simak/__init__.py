"""Simak: self-hosted social listening and review sentiment for Indonesian and English."""

__version__ = "0.1.0"
