"""What linking a group refuses, in the words people read."""

from bot.kit.errors import Refusal


class Stranger(Refusal):
    """I cannot tell who you are here. If you write in the group's name, please turn that off; else send me /start in private first."""


class NoTopicRights(Refusal):
    """This group has topics. Please make me an administrator who may manage topics, then send /team again."""


class Taken(Refusal):
    """This group is linked to another branch. Its staff can end that with /team."""


class NotAdministrator(Refusal):
    """Only an administrator of this group can agree to that."""


class Unseen(Refusal):
    """I could not look into this group just now. Please send /team again in a little while."""
