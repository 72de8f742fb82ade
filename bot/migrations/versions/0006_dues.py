"""The dues tables."""

revision = "0006_dues"
down_revision = "0005_onboarding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
