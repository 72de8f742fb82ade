"""What the matcher has learnt from the content: a start need not learn it anew."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, number, text

revision = "0010_faq_taught"
down_revision = "0009_faq_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_taught",
        number("id", primary_key=True, autoincrement=False),
        text("key"),
        text("learnt"),
        sa.Column("weights", sa.LargeBinary, nullable=False),
        instant("at"),
    )


def downgrade() -> None:
    op.drop_table("faq_taught")
