"""When each unit reminds."""

revision = "0015_dues_points"
down_revision = "0014_dues_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
