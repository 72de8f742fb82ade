"""Handing a post over to a successor, with all that hangs on it."""
