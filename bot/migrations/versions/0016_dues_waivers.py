"""Requests to be let off, and what branches have agreed on."""

revision = "0016_dues_waivers"
down_revision = "0015_dues_points"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
