"""The kit's tables: updates in, messages out, dialogues, uploads, audit."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, text

revision = "0001_kit"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
        number("update_id", unique=True),
        number("lane"),
        text("payload"),
        text("state"),
        number("attempts"),
        instant("received_at"),
        instant("applied_at", optional=True),
        text("error", optional=True),
    )
    partial_index("inbox_new", "inbox", ["seq"], "state = 'new'")
    partial_index("inbox_applied", "inbox", ["applied_at"], "state = 'applied'")
    op.create_table(
        "outgoing",
        key(),
        text("dedupe_key", unique=True),
        number("chat_id"),
        text("method"),
        text("payload"),
        number("urgency"),
        text("policy"),
        text("state"),
        number("target_id", optional=True),
        text("collapse_key", optional=True),
        instant("not_before"),
        number("attempts"),
        instant("created_at"),
        instant("finished_at", optional=True),
        number("message_id", optional=True),
        text("error", optional=True),
        sqlite_autoincrement=True,
    )
    partial_index("outgoing_turn", "outgoing", ["urgency", "id"], "state = 'waiting'")
    partial_index("outgoing_of_chat", "outgoing", ["chat_id", "id"], "state IN ('waiting', 'sending')")
    op.create_index("outgoing_message", "outgoing", ["chat_id", "message_id"])
    partial_index("outgoing_collapse", "outgoing", ["collapse_key"], "state = 'waiting'")
    op.create_index("outgoing_finished", "outgoing", ["finished_at"])
    op.create_table(
        "chat",
        number("chat_id", primary_key=True, autoincrement=False),
        instant("unreachable_since", optional=True),
        text("reason", optional=True),
        number("migrated_to", optional=True),
    )
    op.create_table(
        "upload",
        text("digest", primary_key=True),
        text("name"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        text("file_id", optional=True),
        instant("used_at"),
    )
    op.create_table(
        "dialogue",
        number("person_id", primary_key=True, autoincrement=False),
        text("tag"),
        text("data"),
        instant("touched_at"),
    )
    op.create_table(
        "audit",
        key(),
        instant("at"),
        text("act"),
        number("by_member", optional=True),
        text("subject"),
        text("details"),
    )
    op.create_index("audit_subject", "audit", ["subject"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit table is append-only'); END"
            )
    else:
        op.execute("CREATE RULE audit_no_update AS ON UPDATE TO audit DO INSTEAD NOTHING")
        op.execute("CREATE RULE audit_no_delete AS ON DELETE TO audit DO INSTEAD NOTHING")


def downgrade() -> None:
    for table in ("audit", "dialogue", "upload", "chat", "outgoing", "inbox"):
        op.drop_table(table)
