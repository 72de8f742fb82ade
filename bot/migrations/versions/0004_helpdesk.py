"""The helpdesk's tables."""

revision = "0004_helpdesk"
down_revision = "0003_faq"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
