"""To be let off a month's dues, or to pay less: the member asks, the branch decides, the level above approves."""
