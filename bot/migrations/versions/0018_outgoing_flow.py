"""Bulk messages take turns: each carries the flow it belongs to and its turn among all of them. What is too late is not sent."""

from alembic import op

from bot.migrations.columns import instant, number, partial_index, text

revision = "0018_outgoing_flow"
down_revision = "0017_announcements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing", text("flow", optional=True))
    op.add_column("outgoing", number("turn", server_default="0"))
    op.add_column("outgoing", instant("until", optional=True))
    op.drop_index("outgoing_turn", "outgoing")
    partial_index("outgoing_turn", "outgoing", ["urgency", "turn", "id"], "state = 'waiting'")
    partial_index("outgoing_flow", "outgoing", ["flow", "turn"], "state = 'waiting' AND flow IS NOT NULL")
    partial_index("outgoing_sending", "outgoing", ["policy"], "state = 'sending'")


def downgrade() -> None:
    for name in ("outgoing_sending", "outgoing_flow", "outgoing_turn"):
        op.drop_index(name, "outgoing")
    partial_index("outgoing_turn", "outgoing", ["urgency", "id"], "state = 'waiting'")
    for name in ("until", "turn", "flow"):
        op.drop_column("outgoing", name)
