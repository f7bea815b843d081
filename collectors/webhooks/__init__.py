"""What services send by themselves: read, told apart from forgeries, and answered."""
