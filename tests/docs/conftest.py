"""What is documented is run in an empty folder, in an environment that names nothing."""

from tests.cli.conftest import folder

__all__ = ["folder"]
