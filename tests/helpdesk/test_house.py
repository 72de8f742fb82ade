"""One ticket's life through the whole application."""

from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.harness import House
from tests.helpdesk.conftest import PICTURE, found, told


async def move_in(house: House) -> tuple[Person, Person]:
    """A member and the secretary of their branch."""
    member, secretary = house.person("李建国"), house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(work.session, "李建国", tree.branch, account=member.id)
        await factories.member(
            work.session, "王梅", tree.branch, account=secretary.id, posts=((tree.branch, Role.SECRETARY),)
        )
    await member.start()
    await secretary.start()
    return member, secretary


async def test_a_picture_with_a_question(house: House) -> None:
    member, secretary = await move_in(house)
    await member.sends_photo(PICTURE, "食堂的冬枣在哪个窗口领")
    await house.settle()
    offer = found(member, "正在转给您的支部书记王梅")
    await house.restart()
    await member.taps(offer, "马上转")
    await house.settle()
    card = found(secretary, "直接回复这条消息")
    await secretary.says("在二号窗口", reply_to=card)
    await house.settle()
    answer = found(member, "在二号窗口")
    assert answer.buttons == ["已解决", "还有问题"]
    assert await told(member, answer, "已解决") == ""
    await house.settle()
    found(secretary, "李建国说已经解决了，辛苦您。")


async def test_what_is_plainly_about_something_else_is_no_part_of_the_conversation(house: House) -> None:
    member, secretary = await move_in(house)
    await member.sends_photo(PICTURE, "食堂的冬枣在哪个窗口领")
    await house.settle()
    await member.taps(found(member, "正在转给您的支部书记王梅"), "马上转")
    await house.settle()
    await secretary.says("在二号窗口", reply_to=found(secretary, "直接回复这条消息"))
    await house.settle()
    seen = len(secretary.chat())
    for text in ("怎么交党费", "我要投诉我们支部书记"):
        await member.says(text)
        await house.settle()
    found(member, "缴费成功")
    assert len(secretary.chat()) == seen, [each.text for each in secretary.chat()]
    await member.says("二号窗口没人")
    await house.settle()
    found(secretary, "李建国：二号窗口没人")
