"""Files of entries that were sent in chat and wait for a decision."""

from alembic import op

from bot.migrations.columns import instant, key, number, refers, text

revision = "0009_faq_exchange"
down_revision = "0008_faq_vectors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_import",
        key(),
        number("account_id"),
        refers("unit_id", "unit.id", optional=True),
        text("file_id"),
        text("package"),
        text("plan_digest"),
        text("choices"),
        text("state"),
        instant("offered_at"),
    )
    op.create_index("faq_import_of_account", "faq_import", ["account_id"])


def downgrade() -> None:
    op.drop_table("faq_import")
