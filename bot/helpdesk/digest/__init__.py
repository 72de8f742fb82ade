"""Once a day, at the hour somebody of the staff has chosen: what waits for them, if anything does."""
