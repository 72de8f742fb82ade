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
    text("rating_words", optional=True),
)


def upgrade() -> None:
    op.add_column("outgoing", number("topic_id", optional=True))
    for column in _TICKET:
        op.add_column("ticket", column)
    op.add_column("ticket_message", text("html", optional=True))
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
    partial_index("ticket_holding_instead", "ticket_holding", ["instead_of"], "until IS NULL")
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
        number("shows_accounts", optional=True),
    )
    op.create_table(
        "absence",
        key(),
        refers("member_id", "member.id"),
        refers("substitute_id", "member.id", optional=True),
        instant("from_at"),
        instant("until_at"),
        instant("begun_at", optional=True),
        instant("ended_at", optional=True),
    )
    partial_index("absence_running", "absence", ["member_id", "from_at"], "ended_at IS NULL")
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
        instant("linked_at", optional=True),
        instant("ended_at", optional=True),
        text("ended_why", optional=True),
    )
    partial_index("team_group_of_unit", "team_group", ["unit_id"], "state = 'linked'", unique=True)
    partial_index("team_group_of_chat", "team_group", ["chat_id"], "state = 'linked'", unique=True)
    op.create_table(
        "ticket_topic",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("team_id", "team_group.id"),
        number(
            "outgoing_id", unique=True
        ),  # the call that makes the topic; no foreign key, as for ticket_copy
        instant("lost_at", optional=True),
    )
    partial_index("ticket_topic_of", "ticket_topic", ["ticket_id", "team_id"], "lost_at IS NULL", unique=True)
    op.create_table(
        "staff_digest",
        number("member_id", sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        number("minute", optional=True),
        text("sent_on", optional=True),
    )


def downgrade() -> None:
    for table in (
        "staff_digest",
        "ticket_topic",
        "team_group",
        "canned_reply",
        "absence",
        "unit_desk",
        "ticket_guest",
        "ticket_holding",
    ):
        op.drop_table(table)
    op.drop_column("ticket_message", "html")
    for column in reversed(_TICKET):
        op.drop_column("ticket", column.name)
    op.drop_column("outgoing", "topic_id")
