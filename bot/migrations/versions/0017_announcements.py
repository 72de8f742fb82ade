"""What staff announce to their units' members."""

revision = "0017_announcements"
down_revision = "0016_dues_waivers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
