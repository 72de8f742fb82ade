"""A saved world goes on where it was."""

import json
from pathlib import Path
from random import Random

import pytest

from bot.sandbox import Limits, Person, Sandbox
from tests.sandbox.helpers import PNG, TOKEN, HandClock, Raw


async def test_a_saved_world_goes_on(
    raw: Raw, mei: Person, sandbox: Sandbox, clock: HandClock, saved: Path
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "a"}]]}
    await raw("sendMessage", chat_id=501, text="<b>您好</b>", parse_mode="HTML", reply_markup=keyboard)
    await mei.reacts(mei.last(), "👍")
    await raw("sendMessage", chat_id=501, text="选", reply_markup={"keyboard": [["甲"]]})
    photo = await mei.sends_photo(PNG, "图")
    forum = sandbox.add_group("组", [mei], is_forum=True, bot="administrator")
    await raw("createForumTopic", chat_id=forum.id, name="题")
    await raw("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    sandbox.save(saved)

    other = Sandbox(token=TOKEN, clock=clock, limits=Limits.off(), random=Random(1))
    other.load(saved)
    async with other:
        again = other.person(501)
        assert again.chat() == mei.chat()
        assert again.reply_keyboard == mei.reply_keyboard
        assert again.commands() == [{"command": "help", "description": "帮助"}]
        assert other.groups[0].messages() == forum.messages()
        there = Raw(raw.session, other)
        assert (await there("getUpdates")).result == (await raw("getUpdates")).result
        path = (await there("getFile", file_id=photo.file_id)).result["file_path"]
        async with raw.session.get(f"{other.file_url}{TOKEN}/{path}") as response:
            assert await response.read() == PNG
        assert (await again.sends_photo(PNG)).file_id != photo.file_id


async def test_ids_given_out_after_the_last_save_do_not_come_again(
    raw: Raw, mei: Person, sandbox: Sandbox, saved: Path
) -> None:
    sandbox.save(saved)
    lost = await mei.says("after the last save")
    (update,) = (await raw("getUpdates")).result
    await sandbox.stop()
    sandbox.load(saved)
    await sandbox.start()
    again = sandbox.person(501)
    assert (await again.says("afterwards")).message_id > lost.message_id
    (following,) = (await raw("getUpdates")).result
    assert following["update_id"] > update["update_id"]


def test_a_damaged_file_leaves_everything_as_it_was(sandbox: Sandbox, saved: Path) -> None:
    sandbox.save(saved)
    sandbox.add_person(first_name="王", id=7)
    document = json.loads(saved.read_text())
    document["updates"]["pending"] = [{"nonsense": 1}]
    saved.write_text(json.dumps(document))
    with pytest.raises(ValueError, match="holds no saved sandbox"):
        sandbox.load(saved)
    assert sandbox.person(7).user.first_name == "王"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 99}'])
def test_what_is_no_saved_world_is_refused(sandbox: Sandbox, saved: Path, content: str) -> None:
    saved.write_text(content)
    with pytest.raises(ValueError, match="holds no saved sandbox"):
        sandbox.load(saved)


def test_saving_replaces_in_one_step(sandbox: Sandbox, saved: Path) -> None:
    sandbox.save(saved)
    sandbox.add_person(first_name="王", id=7)
    sandbox.save(str(saved))
    assert list(saved.parent.iterdir()) == [saved]
    sandbox.load(saved)
    assert sandbox.person(7).user.first_name == "王"
