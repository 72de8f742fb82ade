"""When a member writes faster than anybody can read: nothing is lost, but it is brought together and a little later."""
