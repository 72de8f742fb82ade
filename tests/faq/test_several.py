"""Several questions in one message: each its own answer, and only what nobody can answer goes to a person."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

import pytest

from bot.faq import judging
from bot.faq.matcher import Index, Match, Outcome
from bot.faq.model import Decision, HandOver, Kind, Stage
from bot.sandbox import Person
from tests.faq.hands import DRAGON, VERDICT, ask, publish, since, tap
from tests.harness import House

PHOENIX = dataclasses.replace(
    DRAGON,
    id="phoenix",
    title="凤凰台几点开门",
    body="早上八点。",
    phrasings=("凤凰台几点开门",),
    stage=Stage.HELP,
)
TIGER = dataclasses.replace(
    DRAGON,
    id="decline-tiger",
    title="白虎堂的规矩",
    body="这件事要问人。",
    phrasings=("白虎堂的规矩谁说了算",),
    kind=Kind.DECLINE,
    stage=None,
    handover=HandOver.ALWAYS,
)
DRAGON_PART, PHOENIX_PART, TIGER_PART = "麒麟阁怎么走？", "凤凰台几点开门？", "白虎堂的规矩谁说了算？"


@pytest.fixture
async def zoo(house: House) -> None:
    for entry in (DRAGON, PHOENIX, TIGER):
        await publish(house, entry, None)


@pytest.mark.usefixtures("zoo")
async def test_each_question_gets_its_own_answer_and_its_own_buttons(house: House, li: Person) -> None:
    await ask(house, li, f"您好。{DRAGON_PART}{PHOENIX_PART}")
    first, second = li.chat()[-2:]
    assert first.text.startswith("您问：麒麟阁怎么走？\n\n麒麟阁怎么走\n\n出大门左转。")
    assert second.text == "您问：凤凰台几点开门？\n\n凤凰台几点开门\n\n早上八点。"
    assert first.buttons == second.buttons == VERDICT

    await tap(house, li, first, "👍 解决了")
    assert li.sees(second).buttons == VERDICT
    await tap(house, li, second, "👎 没解决")
    rows = await house.rows("SELECT opened, verdict FROM faq_question ORDER BY id")
    assert [(row["opened"], row["verdict"]) for row in rows] == [
        ("branch-dragon", "solved"),
        ("phoenix", "unsolved"),
    ]
    rows = await house.rows("SELECT question, shown FROM ticket")
    assert [(row["question"], row["shown"]) for row in rows] == [(PHOENIX_PART, '["phoenix"]')]


@pytest.mark.usefixtures("zoo")
async def test_only_the_part_that_needs_a_person_is_handed_over(house: House, li: Person) -> None:
    before = li.last()
    await ask(house, li, f"{DRAGON_PART}{TIGER_PART}")
    _, answer, word, handed = since(li, before)
    assert answer.text.startswith("您问：麒麟阁怎么走？")
    assert word.text == "您问：白虎堂的规矩谁说了算？\n\n这件事要问人。"
    assert "王梅" in handed.text
    rows = await house.rows("SELECT question FROM ticket")
    assert [row["question"] for row in rows] == [TIGER_PART]


@pytest.mark.usefixtures("zoo")
async def test_a_single_question_is_not_quoted(house: House, li: Person) -> None:
    answer = await ask(house, li, f"您好。{DRAGON_PART}")
    assert answer.text.startswith("麒麟阁怎么走\n")


@pytest.mark.usefixtures("zoo")
async def test_what_nobody_knows_is_handed_over_as_one_question_beside_the_answers(
    house: House, li: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown, unknown_too, long = "玄武湖几米深？", "朱雀门朝哪边？", "麒麟阁" + "怎么走" * 30

    def parted(
        index: Index, text: str, among: Collection[str], extra: Mapping[str, float] | None
    ) -> Sequence[tuple[str, Outcome]]:
        dragon = Match("branch-dragon", Kind.ENTRY, 0.9)
        return [
            (unknown, Outcome(Decision.HANDOVER, ())),
            (long, Outcome(Decision.ANSWER, (dragon,))),
            ("谢谢", Outcome(Decision.SMALLTALK, ())),
            (unknown_too, Outcome(Decision.HANDOVER, ())),
            (PHOENIX_PART, Outcome(Decision.SUGGEST, (dragon, Match("phoenix", Kind.ENTRY, 0.4)))),
        ]

    monkeypatch.setattr(judging, "match_all", parted)
    before = li.last()
    await ask(house, li, "……")
    _, answer, suggested, handed = since(li, before)
    assert answer.text.startswith(f"您问：{long[:60]}…\n\n麒麟阁怎么走\n")
    assert suggested.text == "您问：凤凰台几点开门？\n\n您问的是哪一个？点一下。"
    assert suggested.buttons == ["麒麟阁怎么走", "凤凰台几点开门", "都不是"]
    assert "王梅" in handed.text
    rows = await house.rows("SELECT question FROM ticket")
    assert [row["question"] for row in rows] == [f"{unknown}\n{unknown_too}"]
