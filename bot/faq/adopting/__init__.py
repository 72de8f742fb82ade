"""Entries of branches, taken up for everybody by a level above, with their author's name."""
