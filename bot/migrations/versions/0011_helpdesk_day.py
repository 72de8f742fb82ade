"""The helpdesk's whole day: who has had a ticket and who helps with it, hours and absences, groups, tools."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0011_helpdesk_day"
down_revision = "0010_faq_taught"
branch_labels = None
depends_on = None

_TICKET = (
    instant("claimed_at", optional=True),
    instant("climbing_since", optional=True),
    instant("snoozed_until", optional=True),
    number("merged_into", optional=True),
    number("follows_id", optional=True),
    number("alike_id", optional=True),
    text("heard", optional=True),
    text("rating_words", optional=True),
)


def upgrade() -> None:
    op.add_column("outgoing", number("topic_id", optional=True))
    op.add_column("outgoing", text("album", optional=True))
    partial_index(
        "outgoing_album", "outgoing", ["chat_id", "album"], "state = 'waiting' AND album IS NOT NULL"
    )
    partial_index("outgoing_lost", "outgoing", ["finished_at"], "state IN ('blocked', 'failed')")
    for column in _TICKET:
        op.add_column("ticket", column)
    partial_index("ticket_fresh", "ticket", ["branch_id"], "state = 'open' AND first_answered_at IS NULL")
    partial_index("ticket_alike", "ticket", ["alike_id"], "state = 'open' AND first_answered_at IS NULL")
    partial_index("post_ended", "post", ["unit_id", "until"], "until IS NOT NULL")
    partial_index("ticket_snoozed", "ticket", ["snoozed_until"], "snoozed_until IS NOT NULL")
    op.create_index("ticket_of_owner", "ticket", ["owner_id", "branch_id", "state"])
    partial_index("ticket_quiet", "ticket", ["answered_at"], "state = 'answered'")
    op.add_column("ticket_message", text("html", optional=True))
    op.add_column("ticket_message", instant("bring_at", optional=True))
    op.add_column("ticket_message", number("joined_to", optional=True))
    partial_index("ticket_message_held", "ticket_message", ["bring_at"], "bring_at IS NOT NULL")
    partial_index("ticket_message_joined", "ticket_message", ["joined_to"], "joined_to IS NOT NULL")
    op.add_column("ticket_copy", instant("told_at", optional=True))
    op.drop_column("ticket", "undelivered_told_at")
    op.create_table(
        "ticket_holding",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("member_id", "member.id"),
        text("rung", optional=True),
        text("why"),
        refers("instead_of", "member.id", optional=True),
        instant("since"),
        instant("until", optional=True),
    )
    op.create_index("ticket_holding_of", "ticket_holding", ["ticket_id", "since"])
    partial_index("ticket_holding_now", "ticket_holding", ["ticket_id"], "until IS NULL", unique=True)
    partial_index(
        "ticket_holding_instead",
        "ticket_holding",
        ["instead_of"],
        "until IS NULL AND instead_of IS NOT NULL",
    )
    op.create_table(
        "ticket_guest",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("member_id", "member.id"),
        refers("asked_by", "member.id"),
        instant("since"),
        instant("until", optional=True),
    )
    partial_index(
        "ticket_guest_now", "ticket_guest", ["ticket_id", "member_id"], "until IS NULL", unique=True
    )
    partial_index("ticket_guest_of", "ticket_guest", ["member_id"], "until IS NULL")
    op.create_table(
        "unit_desk",
        number("unit_id", sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False),
        text("days", optional=True),
        text("hours", optional=True),
        number("answer_minutes", optional=True),
        number("warn_percent", optional=True),
        number("climb_minutes", optional=True),
        number("shows_accounts", optional=True),
    )
    op.create_table(
        "absence",
        key(),
        refers("member_id", "member.id"),
        refers("substitute_id", "member.id", optional=True),
        text("last_day"),
        instant("from_at"),
        instant("until_at"),
        instant("begun_at", optional=True),
        instant("ended_at", optional=True),
    )
    partial_index("absence_running", "absence", ["until_at"], "ended_at IS NULL")
    partial_index("absence_of", "absence", ["member_id"], "ended_at IS NULL")
    op.create_table(
        "canned_reply",
        key(),
        refers("unit_id", "unit.id", optional=True),
        refers("member_id", "member.id"),
        text("text"),
        number("used"),
        instant("created_at"),
        instant("retired_at", optional=True),
    )
    partial_index("canned_reply_of", "canned_reply", ["unit_id", "member_id"], "retired_at IS NULL")
    op.create_table(
        "team_group",
        key(),
        refers("unit_id", "unit.id"),
        number("chat_id"),
        text("title"),
        number("has_topics"),
        text("state"),
        refers("linked_by", "member.id"),
        instant("offered_at"),
        number("group_asked", optional=True),
        number("person_asked", optional=True),  # outgoing rows; no foreign keys, as for ticket_copy
        instant("group_agreed_at", optional=True),
        instant("person_agreed_at", optional=True),
        instant("linked_at", optional=True),
        instant("ended_at", optional=True),
        text("ended_why", optional=True),
    )
    partial_index("team_group_of_unit", "team_group", ["unit_id"], "state = 'linked'", unique=True)
    partial_index("team_group_of_chat", "team_group", ["chat_id"], "state = 'linked'", unique=True)
    op.create_table(
        "team_ticket",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("team_id", "team_group.id"),
        number(
            "outgoing_id", optional=True
        ),  # the call that makes its topic; no foreign key, as for ticket_copy
        instant("closed_at", optional=True),
        instant("left_at", optional=True),
    )
    partial_index("team_ticket_of", "team_ticket", ["ticket_id"], "left_at IS NULL", unique=True)
    op.create_index("team_ticket_ever", "team_ticket", ["ticket_id", "team_id"], unique=True)
    partial_index("team_ticket_of_team", "team_ticket", ["team_id"], "left_at IS NULL")
    partial_index("team_ticket_open", "team_ticket", ["ticket_id"], "left_at IS NULL AND closed_at IS NULL")
    partial_index("outgoing_refused", "outgoing", ["chat_id"], "state IN ('failed', 'blocked')")
    op.create_table(
        "staff_digest",
        number("member_id", sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        number("minute", optional=True),
        text("sent_on", optional=True),
    )


def downgrade() -> None:
    for table in (
        "staff_digest",
        "team_ticket",
        "team_group",
        "canned_reply",
        "absence",
        "unit_desk",
        "ticket_guest",
        "ticket_holding",
    ):
        op.drop_table(table)
    for index in ("ticket_of_owner", "ticket_snoozed", "ticket_quiet", "ticket_alike", "ticket_fresh"):
        op.drop_index(index, "ticket")
    op.add_column("ticket", instant("undelivered_told_at", optional=True))
    op.drop_index("post_ended", "post")
    op.drop_column("ticket_copy", "told_at")
    for index in (
        "ticket_message_held",
        "ticket_message_joined",
        "outgoing_album",
        "outgoing_lost",
        "outgoing_refused",
    ):
        op.drop_index(index)
    for name in ("joined_to", "bring_at", "html"):
        op.drop_column("ticket_message", name)
    op.drop_column("outgoing", "album")
    for column in reversed(_TICKET):
        op.drop_column("ticket", column.name)
    op.drop_column("outgoing", "topic_id")
