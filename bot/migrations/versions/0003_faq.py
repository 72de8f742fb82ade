"""The FAQ's tables."""

revision = "0003_faq"
down_revision = "0002_roster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
