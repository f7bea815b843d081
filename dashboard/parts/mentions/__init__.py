"""The parts of the Mentions page: where people read, correct and decide."""
