"""A member and their own tickets: where each stands, adding to it, taking it back."""
