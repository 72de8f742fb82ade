"""The FAQ in the hands of its keepers: history, drafts, attachments, and what members' questions teach."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, refers, text

revision = "0007_faq_upkeep"
down_revision = "0006_dues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("faq_entry", text("media", server_default="[]"))
    op.add_column("faq_entry", number("changed_by", optional=True))  # a member; the history has the reference
    op.add_column(
        "faq_entry", number("author_unit_id", optional=True)
    )  # a unit, where the entry was adopted from
    op.create_table(
        "faq_media",
        text("digest", primary_key=True),
        text("kind"),
        text("name"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        instant("added_at"),
    )
    op.create_table(
        "faq_revision",
        key(),
        refers("entry_id", "faq_entry.id"),
        instant("at"),
        refers("by_member", "member.id", optional=True),
        text("act"),
        text("before", optional=True),
        text("after"),
        text("state_before", optional=True),
        text("state_after"),
    )
    op.create_index("faq_revision_of_entry", "faq_revision", ["entry_id", "id"])
    op.create_table(
        "faq_draft",
        key(),
        refers("member_id", "member.id"),
        refers("unit_id", "unit.id", optional=True),
        refers("entry_id", "faq_entry.id", optional=True),
        number("base_revision"),
        text("content"),
        instant("touched_at"),
    )
    op.create_index("faq_draft_of_member", "faq_draft", ["member_id", "touched_at"])
    op.create_table(
        "faq_lesson",
        key(),
        refers("branch_id", "unit.id"),
        number("account_id"),
        text("text"),
        text("reason"),
        text("shown"),
        text("answer", optional=True),
        text("state"),
        instant("at"),
        refers("settled_by", "member.id", optional=True),
        instant("settled_at", optional=True),
    )
    op.create_index("faq_lesson_of_branch", "faq_lesson", ["branch_id", "state", "at"])
    op.create_index("faq_lesson_of_account", "faq_lesson", ["account_id"])


def downgrade() -> None:
    for table in ("faq_lesson", "faq_draft", "faq_revision", "faq_media"):
        op.drop_table(table)
    for column in ("author_unit_id", "changed_by", "media"):
        op.drop_column("faq_entry", column)
