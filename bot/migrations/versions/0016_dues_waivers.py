"""Requests to be let off, and what branches have agreed on."""

from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0016_dues_waivers"
down_revision = "0015_dues_points"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", text("accepted_on", optional=True))
    op.create_table(
        "dues_waiver",
        key(),
        refers("member_id", "member.id"),
        text("period"),
        number("chat_id", optional=True),
        number("message_id", optional=True),
        instant("closed_at", optional=True),
    )
    partial_index(
        "dues_waiver_open", "dues_waiver", ["member_id", "period"], "closed_at IS NULL", unique=True
    )
    op.create_index("dues_waiver_of", "dues_waiver", ["member_id", "period", "id"])
    op.create_table(
        "dues_waiver_step",
        key(),
        refers("waiver_id", "dues_waiver.id"),
        text("act"),
        refers("by_member", "member.id", optional=True),
        instant("at"),
        number("amount", optional=True),
        text("words", optional=True),
    )
    op.create_index("dues_waiver_step_of", "dues_waiver_step", ["waiver_id", "id"])
    op.create_table(
        "dues_waiver_card",
        number(
            "outgoing_id", primary_key=True, autoincrement=False
        ),  # the outbox is emptied on its own terms
        refers("waiver_id", "dues_waiver.id"),
        number("chat_id"),
    )
    op.create_index("dues_waiver_card_of", "dues_waiver_card", ["waiver_id"])
    op.create_table(
        "dues_agreement",
        key(),
        refers("member_id", "member.id"),
        text("kind"),
        refers("payer_id", "member.id", optional=True),
        text("payer", optional=True),
        instant("since"),
        refers("agreed_by", "member.id"),
        instant("until", optional=True),
        refers("ended_by", "member.id", optional=True),
    )
    partial_index(
        "dues_agreement_held", "dues_agreement", ["member_id", "kind"], "until IS NULL", unique=True
    )
    op.create_table(
        "dues_arrears_look",
        number("branch_id", primary_key=True, autoincrement=False),
        text("period", primary_key=True),
        instant("at"),
    )
    op.create_table(
        "dues_arrears_told",
        number("member_id", primary_key=True, autoincrement=False),
        text("period", primary_key=True),
        instant("at"),
    )


def downgrade() -> None:
    for table in (
        "dues_arrears_told",
        "dues_arrears_look",
        "dues_agreement",
        "dues_waiver_card",
        "dues_waiver_step",
        "dues_waiver",
    ):
        op.drop_table(table)
    op.drop_column("member", "accepted_on")
