"""Mechanism only: what every room stands on. Imports no room."""
