"""Payment files that wait for a decision in chat."""

revision = "0014_dues_payments"
down_revision = "0013_dues_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
