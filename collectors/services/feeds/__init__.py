"""RSS and Atom feeds, and which article is which."""
