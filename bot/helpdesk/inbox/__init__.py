"""The staff's lists: the inbox with its filters, the search, and what a member had asked before."""
