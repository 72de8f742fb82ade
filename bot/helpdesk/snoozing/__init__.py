"""Putting a ticket aside until a time, or until its member writes."""
