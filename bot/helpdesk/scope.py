"""Which tickets somebody of the staff may see, as SQL: what `rules.may_answer` decides of one ticket, for all of them.

Each way to a ticket is an index of its own, so that nobody waits for tickets that are not theirs.
"""

from typing import Final

OWN_BRANCHES: Final = (
    "(SELECT unit_id FROM post WHERE member_id = :me AND until IS NULL"
    " AND role IN ('secretary', 'deputy', 'helper'))"
)
"""Where `:me` is of the branch's staff."""

_NEAR_BRANCHES: Final = (
    "(SELECT home.id FROM post JOIN unit AS seat ON seat.id = post.unit_id"
    " JOIN unit AS home ON home.id = seat.id OR home.parent_id IN (seat.id, seat.parent_id)"
    " OR home.parent_id IN (SELECT middle.id FROM unit AS middle WHERE middle.parent_id = seat.id)"
    " WHERE post.member_id = :me AND post.until IS NULL)"
)
"""In, above or beside which `:me` holds a post."""

HELPED: Final = "(SELECT ticket_id FROM ticket_guest WHERE member_id = :me AND until IS NULL)"
"""What `:me` was asked to help with."""

RUNNING: Final = "ticket.state IN ('open', 'answered')"
SENT: Final = "ticket.state <> 'gathering'"


def visible(condition: str) -> str:
    """A query for the ids (some more than once) of the tickets that satisfy `condition` and are of the branch of `:me`;
    theirs, or ones they help with, while they hold a post near its branch.
    """
    return (
        f"SELECT ticket.id FROM ticket WHERE ticket.branch_id IN {OWN_BRANCHES} AND {condition}"
        " UNION ALL SELECT ticket.id FROM ticket"
        f" WHERE ticket.owner_id = :me AND {condition} AND ticket.branch_id IN {_NEAR_BRANCHES}"
        f" UNION ALL SELECT ticket.id FROM ticket WHERE ticket.id IN {HELPED} AND {condition}"
        f" AND ticket.branch_id IN {_NEAR_BRANCHES}"
    )


def mine(condition: str) -> str:
    """Whether a ticket satisfies `condition` and `:me` may see it as staff: never their own questions."""
    return f"ticket.requester_id <> :me AND {condition} AND ticket.id IN ({visible(condition)})"
