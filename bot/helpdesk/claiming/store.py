"""The rows of claiming."""

from bot.kit.database import Session


async def claim(session: Session, ticket_id: int, *, now: int) -> bool:
    """Notes that the owner says they answer; False if they had said so before."""
    return bool(
        await session.run(
            "UPDATE ticket SET claimed_at = :now WHERE id = :ticket AND claimed_at IS NULL",
            now=now,
            ticket=ticket_id,
        )
    )
