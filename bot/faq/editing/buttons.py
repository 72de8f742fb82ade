"""The editor's buttons and dialogues. `owner`: at whose desk one sits; `row`: an entry's; `draft`: a draft's.

A `key` stands for a text or an attachment (`drafts.key_of`): unlike its place, it still means the same when others are gone.
"""

import enum

from bot.faq.editing.rules import Group
from bot.faq.model import Audience, HandOver, Phone, Stage
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Field(enum.StrEnum):
    """What of a draft can be written."""

    TITLE = "title"
    BODY = "body"
    PHRASINGS = "asks"
    FILES = "files"
    SCOPE = "scope"


# Finding one's way


class Home(Button, tag="fe.home"):
    """The editor from its beginning."""


class HomeOf(Button, tag="fe.of"):
    owner: int | None


class PageOf(Button, tag="fe.group"):
    owner: int | None
    group: Group
    page: int


class Retired(Button, tag="fe.retired"):
    owner: int | None
    page: int


class Drafts(Button, tag="fe.drafts"):
    owner: int | None
    page: int


class Open(Button, tag="fe.open"):
    owner: int | None
    row: int


class Asks(Button, tag="fe.asks"):
    """The phrasings of an entry, to be read."""

    owner: int | None
    row: int
    page: int


class Files(Button, tag="fe.files"):
    """Sends the attachments of an entry."""

    owner: int | None
    row: int


class Preview(Button, tag="fe.see"):
    owner: int | None
    row: int


# From an entry to a draft


class New(Button, tag="fe.new"):
    owner: int | None


class Edit(Button, tag="fe.edit"):
    owner: int | None
    row: int
    field: Field


class Override(Button, tag="fe.own"):
    """Asks whether to write an own entry in place of one from above."""

    owner: int | None
    row: int


class OverrideNow(Button, tag="fe.own1"):
    owner: int | None
    row: int


class Translate(Button, tag="fe.other"):
    owner: int | None
    row: int


# Writing a draft


class Draft(Button, tag="fe.draft"):
    draft: int


class Change(Button, tag="fe.change"):
    draft: int
    field: Field


class DraftAsks(Button, tag="fe.dasks"):
    draft: int
    page: int


class AddAsks(Button, tag="fe.askadd"):
    draft: int


class TitleToo(Button, tag="fe.asktitle"):
    """The title is a phrasing as well."""

    draft: int


class DropAsk(Button, tag="fe.askdel"):
    draft: int
    page: int
    key: int


class FileUp(Button, tag="fe.fileup"):
    draft: int
    key: int


class DropFile(Button, tag="fe.filedel"):
    draft: int
    key: int


class DraftFiles(Button, tag="fe.dfiles"):
    """Sends the attachments of a draft."""

    draft: int


class Stages(Button, tag="fe.stages"):
    draft: int


class SetStage(Button, tag="fe.stage"):
    draft: int
    stage: Stage
    next: bool
    """Whether the answer is asked for next, as of a new entry."""


class Steps(Button, tag="fe.steps"):
    draft: int


class SetStep(Button, tag="fe.step"):
    draft: int
    key: int


class Phones(Button, tag="fe.phones"):
    draft: int


class SetPhone(Button, tag="fe.phone"):
    draft: int
    phone: Phone


class SetAudience(Button, tag="fe.aud"):
    draft: int
    audience: Audience


class SetHandover(Button, tag="fe.hand"):
    draft: int
    handover: HandOver


class PreviewDraft(Button, tag="fe.dsee"):
    draft: int


class Later(Button, tag="fe.later"):
    """Leaves a draft as it is."""

    draft: int


class ThrowAway(Button, tag="fe.drop"):
    """Asks whether to."""

    draft: int


class ThrowAwayNow(Button, tag="fe.drop1"):
    draft: int


# Publishing, and taking back


class Check(Button, tag="fe.check"):
    draft: int


class Publish(Button, tag="fe.pub"):
    draft: int
    revision: int
    """The latest that the author has seen."""


class TakeTheirs(Button, tag="fe.theirs"):
    draft: int


class Retire(Button, tag="fe.off"):
    """Asks whether to."""

    owner: int | None
    row: int


class RetireNow(Button, tag="fe.off1"):
    owner: int | None
    row: int


class Restore(Button, tag="fe.on"):
    owner: int | None
    row: int


class History(Button, tag="fe.past"):
    owner: int | None
    row: int
    page: int


class Past(Button, tag="fe.rev"):
    owner: int | None
    revision: int
    page: int
    """Of the history, to go back to."""


class Undo(Button, tag="fe.undo"):
    """Asks whether to."""

    owner: int | None
    row: int


class UndoNow(Button, tag="fe.undo1"):
    owner: int | None
    row: int
    revision: int


# What is awaited


class Searching(Dialogue, tag="fe.searching"):
    """Texts are words to search for, for a while."""

    owner: int | None
    since: int


class Naming(Dialogue, tag="fe.naming"):
    """The next text is the title of a new entry."""

    owner: int | None


class Writing(Dialogue, tag="fe.writing"):
    draft: int
    field: Field
    new: bool
    """Whether the next field is asked for after this one."""
