"""The roster's tables: units, members, posts, accounts, and the ways to get bound."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0002_roster"
down_revision = "0001_kit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit",
        key(),
        text("name"),
        text("kind"),
        refers("parent_id", "unit.id", optional=True),
        text("join_token", unique=True),
        sa.UniqueConstraint("parent_id", "name"),
    )
    op.create_table(
        "member",
        key(),
        text("employee_no", unique=True, optional=True),
        text("name"),
        text("phone_encrypted", optional=True),
        text("phone_hash", unique=True, optional=True),
        refers("branch_id", "unit.id"),
        text("status"),
        text("category"),
        number("monthly_dues", optional=True),
        instant("left_at", optional=True),
        instant("created_at"),
        instant("updated_at"),
    )
    op.create_index("member_branch", "member", ["branch_id"])
    op.create_table(
        "post",
        key(),
        refers("member_id", "member.id"),
        refers("unit_id", "unit.id"),
        text("role"),
        instant("since"),
        instant("until", optional=True),
    )
    partial_index("post_held", "post", ["member_id", "unit_id", "role"], "until IS NULL", unique=True)
    partial_index("post_of_unit", "post", ["unit_id"], "until IS NULL")
    op.create_table(
        "account",
        number("id", primary_key=True, autoincrement=False),
        sa.Column("member_id", sa.BigInteger, sa.ForeignKey("member.id"), nullable=True, unique=True),
        text("language", optional=True),
        text("display_name"),
        refers("invited_to", "unit.id", optional=True),
        instant("first_seen_at"),
        instant("bound_at", optional=True),
    )
    op.create_table(
        "join_code",
        text("code_hash", primary_key=True),
        refers("member_id", "member.id"),
        refers("issued_by", "member.id"),
        instant("issued_at"),
        instant("expires_at"),
        instant("used_at", optional=True),
    )
    op.create_table(
        "join_request",
        key(),
        refers("account_id", "account.id"),
        refers("unit_id", "unit.id"),
        text("given_name"),
        text("state"),
        refers("decided_by", "member.id", optional=True),
        instant("asked_at"),
        instant("decided_at", optional=True),
    )
    partial_index("join_request_open", "join_request", ["account_id"], "state = 'open'", unique=True)
    op.create_table(
        "join_attempt",
        number("account_id", primary_key=True, autoincrement=False),
        instant("since"),
        number("tries"),
    )


def downgrade() -> None:
    for table in ("join_attempt", "join_request", "join_code", "account", "post", "member", "unit"):
        op.drop_table(table)
