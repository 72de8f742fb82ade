"""Two questions of the same member become one."""
