"""The helpdesk's tables: tickets, what was said in them, the messages of ours that belong to them."""

from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0004_helpdesk"
down_revision = "0003_faq"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket",
        key(),
        refers("requester_id", "member.id"),
        refers("branch_id", "unit.id"),
        refers("owner_id", "member.id", optional=True),
        text("rung", optional=True),
        text("state"),
        text("origin"),
        text("question"),
        number("question_message_id", optional=True),
        text("facts"),
        text("shown"),
        instant("asked_at"),
        instant("gather_until", optional=True),
        instant("opened_at", optional=True),
        instant("deadline", optional=True),
        instant("next_at", optional=True),
        instant("warned_at", optional=True),
        instant("reminded_at", optional=True),
        instant("answered_at", optional=True),
        instant("first_answered_at", optional=True),
        instant("listen_until", optional=True),
        instant("closed_at", optional=True),
        refers("closed_by", "member.id", optional=True),
        text("close_reason", optional=True),
        text("rating", optional=True),
        instant("unreachable_told_at", optional=True),
        instant("undelivered_told_at", optional=True),
        instant("expired_at", optional=True),
        sqlite_autoincrement=True,
    )
    partial_index("ticket_gathering", "ticket", ["requester_id"], "state = 'gathering'", unique=True)
    partial_index("ticket_gathered", "ticket", ["gather_until"], "state = 'gathering'")
    partial_index("ticket_due", "ticket", ["next_at"], "state = 'open'")
    partial_index("ticket_owned", "ticket", ["owner_id"], "state IN ('open', 'answered')")
    partial_index("ticket_kept", "ticket", ["closed_at"], "state = 'closed' AND expired_at IS NULL")
    op.create_index("ticket_of_branch", "ticket", ["branch_id", "state", "asked_at"])
    op.create_index("ticket_of_requester", "ticket", ["requester_id", "id"])
    op.create_table(
        "ticket_message",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("author_id", "member.id"),
        text("direction"),
        text("kind"),
        text("text"),
        number("chat_id", optional=True),
        number("message_id", optional=True),
        text("album", optional=True),
        instant("at"),
    )
    op.create_index("ticket_message_of", "ticket_message", ["ticket_id", "id"])
    op.create_index("ticket_message_source", "ticket_message", ["chat_id", "message_id"], unique=True)
    partial_index("ticket_message_album", "ticket_message", ["chat_id", "album"], "album IS NOT NULL")
    op.create_table(
        "ticket_copy",
        key(),
        refers("ticket_id", "ticket.id"),
        refers("entry_id", "ticket_message.id", optional=True),
        number("chat_id"),
        number("outgoing_id", unique=True),  # no foreign key: the outbox is emptied on its own terms
        text("part"),
        number("has_buttons"),
    )
    op.create_index("ticket_copy_of", "ticket_copy", ["ticket_id", "chat_id"])
    partial_index("ticket_copy_buttons", "ticket_copy", ["ticket_id", "chat_id"], "has_buttons = 1")
    partial_index("ticket_copy_entry", "ticket_copy", ["entry_id"], "entry_id IS NOT NULL")


def downgrade() -> None:
    for table in ("ticket_copy", "ticket_message", "ticket"):
        op.drop_table(table)
