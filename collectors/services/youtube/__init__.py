"""YouTube's Data API."""
