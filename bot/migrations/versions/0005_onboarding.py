"""The walk-through's tables: where a member is, and what they have done, tried and been stuck at."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0005_onboarding"
down_revision = "0004_helpdesk"
branch_labels = None
depends_on = None


def _of_member() -> sa.Column[int]:
    return number("member_id", sa.ForeignKey("member.id"), primary_key=True, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "walk",
        _of_member(),
        text("phone"),
        text("step_id"),
        instant("started_at"),
        instant("moved_at"),
        instant("finished_at", optional=True),
        instant("asked_at", optional=True),
    )
    partial_index("walk_standing", "walk", ["moved_at"], "finished_at IS NULL AND asked_at IS NULL")
    op.create_table(
        "walk_done",
        _of_member(),
        text("step_id", primary_key=True),
        instant("at"),
    )
    op.create_table(
        "walk_stage",
        _of_member(),
        text("stage", primary_key=True),
        instant("at"),
    )
    op.create_table(
        "walk_stuck",
        key(),
        refers("member_id", "member.id"),
        text("stage"),
        text("step_id"),
        text("phone"),
        instant("at"),
    )
    op.create_index("walk_stuck_step", "walk_stuck", ["step_id", "at"])
    op.create_index("walk_stuck_member", "walk_stuck", ["member_id"])
    op.create_table(
        "walk_tried",
        _of_member(),
        text("step_id", primary_key=True),
        text("entry_id", primary_key=True),
        instant("at"),
    )


def downgrade() -> None:
    for table in ("walk_tried", "walk_stuck", "walk_stage", "walk_done", "walk"):
        op.drop_table(table)
