"""What each service answers, and how it is asked; one folder a service."""
