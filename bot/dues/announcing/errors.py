"""What announcing refuses, in the words people read."""

from bot.kit.errors import Refusal


class NotForYou(Refusal):
    """This announcement was meant for somebody else."""


class EnoughForToday(Refusal):
    """{limit} announcements have gone out to these members today, and that is as much as people read. This one is kept; you can send it tomorrow."""


class NobodyToReach(Refusal):
    """Nobody there can be reached by me yet, so there is nobody to send it to. It is kept."""


class OnItsWay(Refusal):
    """It is already on its way and cannot be taken back any more. You can pause or stop what has not left yet."""


class NightTime(Refusal):
    """These are quiet hours. It leaves when they are over; until then you can take it back."""


class Over(Refusal):
    """This announcement is over already."""
