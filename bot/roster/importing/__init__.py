"""The roster from a file: read, checked, compared with the roster, shown, and applied when told so."""

from bot.roster.importing.report import document as document
from bot.roster.importing.service import Preview as Preview
from bot.roster.importing.service import RosterFile as RosterFile
from bot.roster.importing.service import apply as apply
from bot.roster.importing.service import preview as preview
from bot.roster.importing.service import read as read
