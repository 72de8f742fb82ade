"""One answer for all open tickets that ask alike: seen beforehand, and sent to each in its own conversation."""
