"""What the bot says about itself: commands by scope and language, names, descriptions, the menu button."""

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import Need, chat_for
from bot.sandbox.core import Core
from bot.sandbox.errors import bad_request
from bot.sandbox.method import Method
from bot.sandbox.schema import ChatRef
from bot.sandbox.world import Chat, Json, User, World

_MAX_COMMANDS = 100
_MAX_COMMAND = 32
_MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


@dataclass(slots=True, kw_only=True)
class Scope:
    """BotCommandScope."""

    type: str = "default"
    chat_id: ChatRef | None = None
    user_id: int | None = None


_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def key(scope: str, language: str, chat_id: int = 0, user_id: int = 0) -> str:
    """Under which the profile keeps the commands of a scope in a language."""
    return f"{scope}:{chat_id}:{user_id}:{language}"


def commands_seen(world: World, chat: Chat, user: User) -> list[Json]:
    """The commands in this person's menu there, by Telegram's order from the narrowest scope to the widest
    (https://core.telegram.org/bots/api#determining-list-of-commands).
    """
    if chat.is_private:
        scopes = [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    else:
        administrator = chat.members[:1] == [user.id]
        scopes = [("chat_member", chat.id, user.id)]
        scopes += [("chat_administrators", chat.id, 0)] if administrator else []
        scopes += [("chat", chat.id, 0)]
        scopes += [("all_chat_administrators", 0, 0)] if administrator else []
        scopes += [("all_group_chats", 0, 0), ("default", 0, 0)]
    language = user.language_code[:2]
    for scope, chat_id, user_id in scopes:
        for wanted in dict.fromkeys((language, "")):
            commands = world.bot.commands.get(key(scope, wanted, chat_id, user_id))
            if commands:
                return commands
    return []


@dataclass(slots=True, kw_only=True)
class Scoped:
    scope: Scope | None = None
    language_code: str = ""


def _key(core: Core, p: Scoped) -> str:
    scope = p.scope or Scope()
    if scope.type not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    wanted = _SCOPES[scope.type]
    if "chat_id" in wanted and scope.chat_id is None:
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    if "user_id" in wanted and not scope.user_id:
        raise bad_request("can't parse BotCommandScope: Invalid user_id specified")
    language = _language(p.language_code)
    chat_id = 0
    if "chat_id" in wanted and scope.chat_id is not None:
        chat_id = chat_for(core, scope.chat_id, Need.READ).id
    return key(scope.type, language, chat_id, scope.user_id or 0 if "user_id" in wanted else 0)


def _language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


@dataclass(slots=True, kw_only=True)
class BotCommand:
    command: str = ""
    description: str = ""


@dataclass(slots=True, kw_only=True)
class SetMyCommands(Scoped):
    commands: list[BotCommand]


def set_my_commands(core: Core, p: SetMyCommands) -> bool:
    where = _key(core, p)
    if len(p.commands) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    core.world.bot.commands[where] = [_checked(command) for command in p.commands]
    core.changes.add("commands")
    return True


def _checked(given: BotCommand) -> Json:
    command = given.command.strip().removeprefix("/")
    description = given.description.strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > _MAX_COMMAND:
        raise bad_request(f"command length must not exceed {_MAX_COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > _MAX_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {_MAX_DESCRIPTION}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


@dataclass(slots=True, kw_only=True)
class GetMyCommands(Scoped):
    pass


def get_my_commands(core: Core, p: GetMyCommands) -> list[Json]:
    return core.world.bot.commands.get(_key(core, p), [])


@dataclass(slots=True, kw_only=True)
class DeleteMyCommands(Scoped):
    pass


def delete_my_commands(core: Core, p: DeleteMyCommands) -> bool:
    core.world.bot.commands.pop(_key(core, p), None)
    core.changes.add("commands")
    return True


@dataclass(slots=True, kw_only=True)
class InLanguage:
    language_code: str = ""


@dataclass(slots=True, kw_only=True)
class SetMyName(InLanguage):
    name: str = ""


@dataclass(slots=True, kw_only=True)
class SetMyDescription(InLanguage):
    description: str = ""


@dataclass(slots=True, kw_only=True)
class SetMyShortDescription(InLanguage):
    short_description: str = ""


@dataclass(slots=True, kw_only=True)
class GetMyName(InLanguage):
    pass


@dataclass(slots=True, kw_only=True)
class GetMyDescription(InLanguage):
    pass


@dataclass(slots=True, kw_only=True)
class GetMyShortDescription(InLanguage):
    pass


def _set_text(core: Core, kept: dict[str, str], language: str, text: str, most: int, complaint: str) -> bool:
    """Keep the text for that language; an empty one takes it away."""
    if len(text) > most:
        raise bad_request(complaint)
    kept[_language(language)] = text
    if not text:
        del kept[language]
    core.changes.add("commands")
    return True


def _text_in(kept: dict[str, str], language: str) -> str:
    return kept.get(_language(language)) or kept.get("") or ""


def set_my_name(core: Core, p: SetMyName) -> bool:
    return _set_text(core, core.world.bot.names, p.language_code, p.name, 64, "BOT_TITLE_INVALID")


def set_my_description(core: Core, p: SetMyDescription) -> bool:
    kept = core.world.bot.descriptions
    return _set_text(core, kept, p.language_code, p.description, 512, "BOT_DESCRIPTION_TOO_LONG")


def set_my_short_description(core: Core, p: SetMyShortDescription) -> bool:
    kept = core.world.bot.short_descriptions
    return _set_text(core, kept, p.language_code, p.short_description, 120, "BOT_ABOUT_TOO_LONG")


def get_my_name(core: Core, p: GetMyName) -> Json:
    return {"name": _text_in(core.world.bot.names, p.language_code) or core.world.bot.name}


def get_my_description(core: Core, p: GetMyDescription) -> Json:
    return {"description": _text_in(core.world.bot.descriptions, p.language_code)}


def get_my_short_description(core: Core, p: GetMyShortDescription) -> Json:
    return {"short_description": _text_in(core.world.bot.short_descriptions, p.language_code)}


@dataclass(slots=True, kw_only=True)
class SetChatMenuButton:
    chat_id: int | None = None
    menu_button: Json | None = None


def set_chat_menu_button(core: Core, p: SetChatMenuButton) -> bool:
    button = p.menu_button or {"type": "default"}
    kind = button.get("type")
    wanted = {"type", "text", "web_app"} if kind == "web_app" else {"type"}
    if kind not in ("default", "commands", "web_app") or set(button) != wanted:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if p.chat_id is None:
        core.world.bot.menu_button = {"type": "commands"} if kind == "default" else button
    else:
        chat = chat_for(core, p.chat_id, Need.READ)
        chat.menu_button = None if kind == "default" else button
    core.changes.add("commands")
    return True


@dataclass(slots=True, kw_only=True)
class GetChatMenuButton:
    chat_id: int | None = None


def get_chat_menu_button(core: Core, p: GetChatMenuButton) -> Json:
    if p.chat_id is not None:
        chat = chat_for(core, p.chat_id, Need.READ)
        if chat.menu_button is not None:
            return chat.menu_button
    return core.world.bot.menu_button


METHODS: tuple[Method[Any], ...] = (
    Method(SetMyCommands, set_my_commands),
    Method(GetMyCommands, get_my_commands),
    Method(DeleteMyCommands, delete_my_commands),
    Method(SetMyName, set_my_name),
    Method(SetMyDescription, set_my_description),
    Method(SetMyShortDescription, set_my_short_description),
    Method(GetMyName, get_my_name),
    Method(GetMyDescription, get_my_description),
    Method(GetMyShortDescription, get_my_short_description),
    Method(SetChatMenuButton, set_chat_menu_button),
    Method(GetChatMenuButton, get_chat_menu_button),
)
