"""`python -m simak`."""

from simak.cli import main

main()
