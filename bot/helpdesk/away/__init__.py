"""Being away: from when to when, and who answers meanwhile."""
