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
        number("menu_due", server_default="0"),
    )
    partial_index("account_menu_due", "account", ["id"], "menu_due = 1")
    op.create_table(
        "join_code",
        text("code_hash", primary_key=True),
        refers("member_id", "member.id"),
        refers("issued_by", "member.id"),
        instant("issued_at"),
        instant("expires_at"),
    )
    op.create_index("join_code_member", "join_code", ["member_id"])
    op.create_table(
        "join_request",
        key(),
        text("kind"),
        refers("account_id", "account.id"),
        refers("unit_id", "unit.id"),
        refers("member_id", "member.id", optional=True),
        text("given_name"),
        text("state"),
        refers("decided_by", "member.id", optional=True),
        instant("asked_at"),
        instant("decided_at", optional=True),
    )
    partial_index("join_request_open", "join_request", ["account_id"], "state = 'open'", unique=True)
    op.create_table(
        "join_notice",
        number("request_id", sa.ForeignKey("join_request.id"), primary_key=True, autoincrement=False),
        number("account_id", primary_key=True, autoincrement=False),
        number("outgoing_id"),
    )
    op.create_table(
        "join_attempt",
        number("account_id", primary_key=True, autoincrement=False),
        instant("since"),
        number("tries"),
    )
    op.create_table(
        "roster_import",
        key(),
        number("account_id"),
        text("file_id"),
        text("plan_digest"),
        text("state"),
        instant("offered_at"),
    )


def downgrade() -> None:
    for table in (
        "roster_import",
        "join_attempt",
        "join_notice",
        "join_request",
        "join_code",
        "account",
        "post",
        "member",
        "unit",
    ):
        op.drop_table(table)
