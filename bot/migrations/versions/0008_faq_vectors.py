"""Vectors of what topics are called and asked by, by model: what an embeddings server has answered once."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, text

revision = "0008_faq_vectors"
down_revision = "0007_faq_upkeep"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_vector",
        text("model", primary_key=True),
        text("digest", primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        instant("used_at"),
    )
    op.create_index("faq_vector_used", "faq_vector", ["used_at"])


def downgrade() -> None:
    op.drop_table("faq_vector")
