"""The walk-through's tables."""

revision = "0005_onboarding"
down_revision = "0004_helpdesk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
