"""When each unit reminds, what a round says, which rounds were skipped, and who was phoned."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, number, partial_index, refers, text

revision = "0015_dues_points"
down_revision = "0014_dues_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_reminding",
        number("unit_id", sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False),
        text("days", optional=True),
        text("at", optional=True),
        number("working_days", optional=True),
        instant("set_at"),
    )
    op.create_table(
        "dues_watch",
        number("id", primary_key=True, autoincrement=False),
        instant("looked_at"),
    )
    op.create_table(
        "dues_phoned",
        number("member_id", sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        text("point", primary_key=True),
        instant("at"),
        refers("by_member", "member.id"),
    )
    op.add_column("dues_round", text("words", optional=True))
    op.add_column("dues_round", instant("skipped_at", optional=True))
    partial_index(
        "dues_round_to_report",
        "dues_round",
        ["finished_at"],
        "finished_at IS NOT NULL AND reported_at IS NULL",
    )
    op.create_index("nudge_outgoing", "nudge", ["outgoing_id"])
    op.create_index("nudge_point", "nudge", ["point"])


def downgrade() -> None:
    op.drop_index("nudge_point", "nudge")
    op.drop_index("nudge_outgoing", "nudge")
    op.drop_index("dues_round_to_report", "dues_round")
    for column in ("words", "skipped_at"):
        op.drop_column("dues_round", column)
    for table in ("dues_phoned", "dues_watch", "unit_reminding"):
        op.drop_table(table)
