"""The dues tables: what is owed, what was paid, rounds of reminders."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, refers, text

revision = "0006_dues"
down_revision = "0005_onboarding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "obligation",
        key(),
        refers("member_id", "member.id"),
        text("period"),
        number("amount", optional=True),
        text("state"),
        instant("state_at"),
        refers("state_by", "member.id", optional=True),
        instant("snoozed_until", optional=True),
        instant("opened_at"),
        sa.UniqueConstraint("member_id", "period"),
    )
    op.create_index("obligation_period", "obligation", ["period", "state"])
    op.create_index("obligation_snoozed", "obligation", ["snoozed_until"])
    op.create_table(
        "dues_import",
        key(),
        instant("at"),
        instant("as_of"),
        refers("by_member", "member.id", optional=True),
        number("added"),
    )
    op.create_index("dues_import_as_of", "dues_import", ["as_of"])
    op.create_table(
        "payment",
        text("key", primary_key=True),
        refers("member_id", "member.id"),
        text("period"),
        number("amount"),
        instant("paid_at", optional=True),
        text("reference", optional=True),
        refers("import_id", "dues_import.id"),
    )
    op.create_index("payment_member", "payment", ["member_id", "period"])
    op.create_table(
        "dues_round",
        number("branch_id", sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False),
        text("point", primary_key=True),
        text("period"),
        instant("announced_at", optional=True),
        instant("cancelled_at", optional=True),
        refers("cancelled_by", "member.id", optional=True),
        instant("data_asked_at", optional=True),
        instant("finished_at", optional=True),
        instant("reported_at", optional=True),
    )
    op.create_table(
        "dues_notice",
        number("outgoing_id", primary_key=True, autoincrement=False),
        number("branch_id"),
        text("point"),
        number("chat_id"),
    )
    op.create_index("dues_notice_round", "dues_notice", ["branch_id", "point"])
    op.create_table(
        "nudge",
        key(),
        refers("member_id", "member.id"),
        refers("branch_id", "unit.id"),
        text("period"),
        text("point"),
        number("outgoing_id"),  # no foreign key: the outbox is emptied on its own terms
        instant("at"),
        sa.UniqueConstraint("member_id", "point"),
    )
    op.create_index("nudge_round", "nudge", ["branch_id", "point"])


def downgrade() -> None:
    for table in ("nudge", "dues_notice", "dues_round", "payment", "dues_import", "obligation"):
        op.drop_table(table)
