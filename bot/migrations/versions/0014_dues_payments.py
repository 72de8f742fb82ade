"""Payment files: what waits for a decision in chat, whom an import covers, and how its rows are found."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, text

revision = "0014_dues_payments"
down_revision = "0013_dues_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dues_file",
        key(),
        number("account_id"),
        text("file_id"),
        text("plan_digest"),
        text("state"),
        instant("offered_at"),
    )
    # An import with no row here covers everybody.
    op.create_table(
        "dues_import_branch",
        number("import_id", sa.ForeignKey("dues_import.id"), primary_key=True, autoincrement=False),
        number("branch_id", sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False),
    )
    op.create_index("dues_import_branch_of", "dues_import_branch", ["branch_id", "import_id"])
    partial_index(
        "dues_entry_reference", "dues_entry", ["reference"], "reference IS NOT NULL AND undone_at IS NULL"
    )
    # The expression is that of bot/dues/importing/store.py: people write names with and without spaces and dots.
    op.create_index(
        "member_plain_name", "member", [sa.text("LOWER(REPLACE(REPLACE(name, ' ', ''), '·', ''))")]
    )


def downgrade() -> None:
    op.drop_index("member_plain_name", "member")
    op.drop_index("dues_entry_reference", "dues_entry")
    op.drop_table("dues_import_branch")
    op.drop_table("dues_file")
