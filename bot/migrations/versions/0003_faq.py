"""The FAQ's tables: entries with their phrasings, what was asked (without words), and words until they are settled."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, refers, text

revision = "0003_faq"
down_revision = "0002_roster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_entry",
        key(),
        refers("unit_id", "unit.id", optional=True),
        text("slug"),
        text("language"),
        text("kind"),
        text("title"),
        text("body"),
        text("stage", optional=True),
        text("steps"),
        text("phones"),
        text("audience"),
        text("source"),
        number("handover"),
        text("state"),
        text("origin"),
        text("digest"),
        instant("edited_at", optional=True),
        instant("updated_at"),
    )
    op.create_index(
        "faq_entry_once",
        "faq_entry",
        [sa.text("COALESCE(unit_id, 0)"), "slug", "language"],
        unique=True,
    )
    op.create_table(
        "faq_phrasing",
        key(),
        refers("entry_id", "faq_entry.id"),
        number("place"),
        text("text"),
        sa.UniqueConstraint("entry_id", "place"),
    )
    op.create_table(
        "faq_content",
        number("id", primary_key=True, autoincrement=False),
        number("version"),
    )
    op.execute("INSERT INTO faq_content (id, version) VALUES (1, 0)")
    op.create_table(
        "faq_question",
        key(),
        instant("at"),
        refers("branch_id", "unit.id", optional=True),
        text("came_by"),
        text("decision"),
        text("shown"),
        number("confidence", optional=True),
        text("opened", optional=True),
        text("verdict", optional=True),
        instant("verdict_at", optional=True),
    )
    op.create_index("faq_question_of_branch", "faq_question", ["branch_id", "at"])
    op.create_table(
        "faq_asked",
        sa.Column(
            "question_id",
            sa.BigInteger,
            sa.ForeignKey("faq_question.id"),
            primary_key=True,
            autoincrement=False,
        ),
        number("account_id"),
        text("text"),
        instant("at"),
    )
    op.create_index("faq_asked_at", "faq_asked", ["at"])
    op.create_index("faq_asked_by", "faq_asked", ["account_id"])


def downgrade() -> None:
    for table in ("faq_asked", "faq_question", "faq_content", "faq_phrasing", "faq_entry"):
        op.drop_table(table)
