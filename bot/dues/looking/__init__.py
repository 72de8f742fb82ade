"""A member's dues on a card, with their history, and those of the branch who have paid too much, for its staff."""
