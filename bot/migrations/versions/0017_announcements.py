"""What staff announce to their units' members; and messages whose content is not kept once they have left."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0017_announcements"
down_revision = "0016_dues_waivers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing", number("fleeting", server_default="0"))
    op.create_table(
        "announcement",
        key(),
        refers("unit_id", "unit.id"),
        refers("author_id", "member.id"),
        text("body"),
        text("media_kind", optional=True),
        text("media_file", optional=True),
        number("asks_read", server_default="0"),
        instant("written_at"),
        number("preview_id", optional=True),
        instant("confirmed_at", optional=True),
        instant("due_at", optional=True),
        number("reachable", server_default="0"),
        number("panel_id", optional=True),
        number("shown", server_default="0"),
        instant("started_at", optional=True),
        instant("paused_at", optional=True),
        instant("stopped_at", optional=True),
        instant("finished_at", optional=True),
        instant("reported_at", optional=True),
    )
    partial_index(
        "announcement_open", "announcement", ["id"], "confirmed_at IS NOT NULL AND reported_at IS NULL"
    )
    op.create_index("announcement_of_unit", "announcement", ["unit_id", "confirmed_at"])
    op.create_index("announcement_of_author", "announcement", ["author_id"])
    op.create_table(
        "announcement_copy",
        refers("announcement_id", "announcement.id"),
        refers("member_id", "member.id"),
        number("outgoing_id", optional=True),
        number("tries", server_default="0"),
        text("outcome", optional=True),
        instant("read_at", optional=True),
        sa.PrimaryKeyConstraint("announcement_id", "member_id"),
    )
    op.create_index("announcement_copy_outcome", "announcement_copy", ["announcement_id", "outcome"])
    op.create_index("announcement_copy_member", "announcement_copy", ["member_id"])


def downgrade() -> None:
    op.drop_table("announcement_copy")
    op.drop_table("announcement")
    op.drop_column("outgoing", "fleeting")
