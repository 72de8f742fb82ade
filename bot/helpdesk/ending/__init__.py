"""How tickets end: closed by the staff with a reason, settled or rated by the member, and what the FAQ learns of it."""
