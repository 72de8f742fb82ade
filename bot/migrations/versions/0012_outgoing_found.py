"""What was sent is found by its id in the chat, and only that: the index no longer tempts the planner to read a chat whole."""

from alembic import op

from bot.migrations.columns import partial_index

revision = "0012_outgoing_found"
down_revision = "0011_helpdesk_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("outgoing_message", "outgoing")
    partial_index("outgoing_message", "outgoing", ["chat_id", "message_id"], "message_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index("outgoing_message", "outgoing")
    op.create_index("outgoing_message", "outgoing", ["chat_id", "message_id"])
