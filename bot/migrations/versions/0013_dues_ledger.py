"""The dues as a ledger: what is owed, said, paid and decided are rows; what state an obligation is in follows from them."""

import sqlalchemy as sa
from alembic import op

from bot.migrations.columns import instant, key, number, partial_index, refers, text

revision = "0013_dues_ledger"
down_revision = "0012_outgoing_found"
branch_labels = None
depends_on = None

# A payment that covers what is owed settles it, unless a person has said otherwise since.
_OWING = """
CREATE VIEW owing AS
SELECT ledger.*,
  CASE
    WHEN paid > 0 AND paid >= COALESCE(amount, 0)
      AND (standing IS NULL OR standing <> 'due' OR standing_id < paid_id) THEN 'paid'
    WHEN standing IN ('paid', 'exempt', 'not_liable', 'claimed') THEN standing
    WHEN amount = 0 THEN 'not_liable'
    ELSE 'due'
  END AS state
FROM (
  SELECT obligation.id, obligation.member_id, obligation.period, obligation.opened_at, obligation.snoozed_until,
    owes.amount AS amount,
    word.id AS standing_id, word.kind AS standing, word.at AS stood_at, word.by_member AS stood_by,
    (SELECT MAX(paid.id) FROM dues_entry AS paid WHERE paid.member_id = obligation.member_id
      AND paid.period = obligation.period AND paid.kind = 'payment' AND paid.undone_at IS NULL) AS paid_id,
    COALESCE((SELECT SUM(paid.amount) FROM dues_entry AS paid WHERE paid.member_id = obligation.member_id
      AND paid.period = obligation.period AND paid.kind = 'payment' AND paid.undone_at IS NULL), 0) AS paid
  FROM obligation
  LEFT JOIN dues_entry AS owes ON owes.id = (SELECT MAX(each.id) FROM dues_entry AS each
    WHERE each.member_id = obligation.member_id AND each.period = obligation.period AND each.kind = 'owes')
  LEFT JOIN dues_entry AS word ON word.id = (SELECT MAX(each.id) FROM dues_entry AS each
    WHERE each.member_id = obligation.member_id AND each.period = obligation.period
      AND each.kind IN ('due', 'claimed', 'paid', 'exempt', 'not_liable'))
) AS ledger
"""


def upgrade() -> None:
    op.create_table(
        "dues_period",
        text("period", primary_key=True),
        instant("opened_at"),
        instant("looked_at"),
        number("last_member"),
    )
    op.create_table(
        "dues_entry",
        key(),
        refers("member_id", "member.id"),
        text("period"),
        text("kind"),
        number("amount", optional=True),
        instant("at"),
        refers("by_member", "member.id", optional=True),
        text("source"),
        text("note", optional=True),
        text("key", optional=True),
        instant("paid_at", optional=True),
        text("reference", optional=True),
        refers("import_id", "dues_import.id", optional=True),
        instant("undone_at", optional=True),
    )
    op.create_index("dues_entry_of", "dues_entry", ["member_id", "period", "kind", "id"])
    op.create_index("dues_entry_period", "dues_entry", ["period", "kind"])
    partial_index(
        "dues_entry_key", "dues_entry", ["key"], "key IS NOT NULL AND undone_at IS NULL", unique=True
    )
    partial_index("dues_entry_import", "dues_entry", ["import_id"], "import_id IS NOT NULL")
    op.add_column("dues_import", instant("undone_at", optional=True))
    op.add_column("dues_import", number("undone_by", optional=True))
    op.create_index("member_updated", "member", ["updated_at"])
    _fill()
    op.drop_table("payment")
    op.drop_index("obligation_period", "obligation")
    with op.batch_alter_table("obligation") as obligation:
        for column in ("amount", "state", "state_at", "state_by"):
            obligation.drop_column(column)
    op.create_index("obligation_period", "obligation", ["period", "member_id"])
    op.execute(_OWING)


def _fill() -> None:
    op.execute(
        "INSERT INTO dues_period (period, opened_at, looked_at, last_member)"
        " SELECT period, MIN(opened_at), MIN(opened_at), 0 FROM obligation GROUP BY period"
    )
    op.execute(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, source)"
        " SELECT member_id, period, 'owes', amount, opened_at, 'rule' FROM obligation WHERE amount IS NOT NULL"
    )
    op.execute(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, by_member, source, key, paid_at, reference,"
        " import_id) SELECT payment.member_id, payment.period, 'payment', payment.amount, dues_import.at,"
        " dues_import.by_member, 'file', payment.key, payment.paid_at, payment.reference, payment.import_id"
        " FROM payment JOIN dues_import ON dues_import.id = payment.import_id"
    )
    # Who paid by file has said nothing since; who is due although paid was put back by a secretary.
    op.execute(
        "INSERT INTO dues_entry (member_id, period, kind, at, by_member, source)"
        " SELECT member_id, period, state, state_at, state_by,"
        " CASE WHEN state_by IS NULL THEN 'rule' WHEN state_by = member_id THEN 'claim' ELSE 'secretary' END"
        " FROM obligation WHERE state_by IS NOT NULL OR state IN ('claimed', 'exempt')"
    )


def downgrade() -> None:
    op.add_column("obligation", number("amount", optional=True))
    op.add_column("obligation", sa.Column("state", sa.Text, nullable=False, server_default="due"))
    op.add_column("obligation", sa.Column("state_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("obligation", number("state_by", optional=True))
    op.execute(
        "UPDATE obligation SET amount = (SELECT amount FROM owing WHERE owing.id = obligation.id),"
        " state = (SELECT state FROM owing WHERE owing.id = obligation.id),"
        " state_at = COALESCE((SELECT stood_at FROM owing WHERE owing.id = obligation.id), opened_at),"
        " state_by = (SELECT stood_by FROM owing WHERE owing.id = obligation.id)"
    )
    op.create_table(
        "payment",
        text("key", primary_key=True),
        refers("member_id", "member.id"),
        text("period"),
        number("amount"),
        instant("paid_at", optional=True),
        text("reference", optional=True),
        refers("import_id", "dues_import.id"),
    )
    op.create_index("payment_member", "payment", ["member_id", "period"])
    op.execute(
        "INSERT INTO payment (key, member_id, period, amount, paid_at, reference, import_id)"
        " SELECT key, member_id, period, amount, paid_at, reference, import_id FROM dues_entry"
        " WHERE kind = 'payment' AND undone_at IS NULL AND key IS NOT NULL AND import_id IS NOT NULL"
    )
    op.execute("DROP VIEW owing")
    op.drop_index("obligation_period", "obligation")
    op.create_index("obligation_period", "obligation", ["period", "state"])
    op.drop_index("member_updated", "member")
    op.drop_table("dues_entry")
    op.drop_table("dues_period")
    for column in ("undone_at", "undone_by"):
        op.drop_column("dues_import", column)
