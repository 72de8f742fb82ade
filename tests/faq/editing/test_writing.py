"""Writing: a draft step by step, whatever is sent."""

from bot.sandbox import SeenMessage
from tests.faq.editing.conftest import Staff

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def new_entry(staff: Staff, title: str = "麒麟阁几点开门", answer: str = "早上七点。") -> SeenMessage:
    """The draft of 王梅's new entry, with a way of asking of its own."""
    await staff.walks(staff.wang, "写一条新的")
    stage = await staff.says(staff.wang, title)
    await staff.taps(staff.wang, stage, "支部帮手和找人")
    asks = await staff.says(staff.wang, answer)
    asked = await staff.taps(staff.wang, asks, "标题也算一种")
    return await staff.taps(staff.wang, asked, "好了，看草稿")


async def test_a_new_entry_from_its_title_to_the_member_who_asks_for_it(staff: Staff) -> None:
    asked = await staff.walks(staff.wang, "写一条新的")
    assert asked.text == "标题叫什么？最多 18 个字，党员在按钮上看到的就是它。比如：收不到短信验证码。"
    long = await staff.says(staff.wang, "一二三四五六七八九十一二三四五六七八九")
    assert long.text == "这个标题有 19 个字，按钮上放得下 18 个。请改短一点再发。"
    stage = await staff.says(staff.wang, "麒麟阁怎么走")
    assert stage.text == "这条归到哪一类？"
    answer = await staff.taps(staff.wang, stage, "使用")
    assert answer.text.startswith("把答案发给我")
    asks = await staff.says(staff.wang, "出门左转，走到头就是麒麟阁。")
    assert asks.buttons == ["标题也算一种", "‹ 返回"]
    done = await staff.taps(staff.wang, asks, "标题也算一种")
    assert done.text.startswith("加好了 1 种问法。")
    done = await staff.says(staff.wang, "麒麟阁在哪\n麒麟阁在哪\n去麒麟阁走哪条路")
    assert done.text.startswith("加好了 2 种问法。")
    draft = await staff.taps(staff.wang, done, "好了，看草稿")
    assert draft.text.startswith("采油三队党支部的草稿，还没发布，党员看不到。\n\n麒麟阁怎么走\n\n出门左转")
    check = await staff.taps(staff.wang, draft, "发布…")
    assert check.text.startswith("发布“麒麟阁怎么走”吗？\n\n新的一条，有 3 种问法。")
    published = await staff.taps(staff.wang, check, "现在发布")
    assert published.text.startswith("发布好了，党员再问就是这份。")
    assert "王梅 2026-11-02 09:0" in published.text
    assert await staff.house.rows("SELECT 1 FROM faq_draft") == []

    found = await staff.asks(staff.li, "麒麟阁怎么走", "麒麟阁怎么走")
    assert found.text.startswith("麒麟阁怎么走\n\n出门左转")
    elsewhere = await staff.says(staff.zhao, "麒麟阁怎么走")
    assert not elsewhere.text.startswith("麒麟阁怎么走\n\n出门左转")


async def test_a_half_finished_draft_survives_a_restart_and_can_be_thrown_away(staff: Staff) -> None:
    await staff.walks(staff.wang, "写一条新的")
    stage = await staff.says(staff.wang, "麒麟阁怎么走")
    await staff.taps(staff.wang, stage, "使用")
    await staff.house.restart()
    asks = await staff.says(staff.wang, "出门左转。")
    draft = await staff.taps(staff.wang, asks, "‹ 返回")
    kept = await staff.taps(staff.wang, draft, "先放着")
    assert kept.text == "“麒麟阁怎么走”放在草稿里了，只有您看得到。"

    drafts = await staff.walks(staff.wang, "我的草稿 1")
    assert drafts.buttons == ["麒麟阁怎么走", "‹ 返回"]
    draft = await staff.taps(staff.wang, drafts, "麒麟阁怎么走")
    assert "出门左转。" in draft.text
    sure = await staff.taps(staff.wang, draft, "扔掉")
    assert sure.text == "“麒麟阁怎么走”的草稿要扔掉吗？"
    gone = await staff.taps(staff.wang, sure, "扔掉")
    assert gone.text == "草稿扔掉了。"
    home = await staff.taps(staff.wang, gone, "‹ 返回")
    assert not any(button.startswith("我的草稿") for button in home.buttons)
    assert (
        await staff.refused(staff.wang, home, data=draft.rows[0][0].data or "")
        == "这份草稿已经发布或扔掉了。点 /faq 再打开那一条。"
    )


async def test_formatting_links_and_lists_are_kept_and_come_back_the_same(staff: Staff) -> None:
    # What the bot shows for copying carries the formatting; sent back unchanged, it changes nothing.
    draft = await new_entry(
        staff, answer="**先看**[说明](https://example.org/a)\n\n- 一\n- 二\n\n交给{app_name}"
    )
    assert "先看说明\n\n• 一\n• 二\n\n交给党建 App" in draft.text or "交给石油党建" in draft.text
    asked = await staff.taps(staff.wang, draft, "改答案")
    assert asked.text.startswith("先看说明\n")
    assert '<b>先看</b><a href="https://example.org/a">说明</a>' in asked.html
    prompt = staff.wang.chat()[-3]
    assert "{app_name} → " in prompt.text
    await staff.wang.forwards(asked)
    await staff.house.settle()
    back = staff.wang.last()
    assert back.html.split("— — —")[0] == draft.html.split("— — —")[0]
    (row,) = await staff.house.rows("SELECT content FROM faq_draft")
    assert "**先看**[说明](https://example.org/a)\\n\\n- 一\\n- 二\\n\\n交给{app_name}" in row["content"]


async def test_facts_that_nobody_explains_and_endless_answers_are_refused_kindly(staff: Staff) -> None:
    draft = await new_entry(staff)
    await staff.taps(staff.wang, draft, "改答案")
    told = await staff.says(staff.wang, "找{boss}")
    assert told.text.startswith("我不认识 {boss}。花括号里只能用这些：{account_hint} ")
    told = await staff.says(staff.wang, "很" * 4090)
    assert told.text == "答案有 4090 个字，一条消息放得下 4076 个。请改短，或者分成两条。"
    draft = await staff.says(staff.wang, "很好")
    assert "很好" in draft.text


async def test_pictures_and_files_are_added_ordered_and_taken_out(staff: Staff) -> None:
    draft = await new_entry(staff)
    files = await staff.taps(staff.wang, draft, "图片和文件 0")
    await staff.wang.sends_photo(PNG)
    await staff.house.settle()
    assert staff.wang.last().buttons == ["✕ 1. 图片", "看图片和文件", "‹ 返回"]
    await staff.wang.sends_document(b"%PDF-1.4", name="路线.pdf")
    await staff.house.settle()
    files = staff.wang.last()
    assert files.buttons[:3] == ["✕ 1. 图片", "✕ 2. 文件 路线.pdf", "↑"]
    files = await staff.taps(staff.wang, files, "↑")
    assert files.buttons[:3] == ["✕ 1. 文件 路线.pdf", "✕ 2. 图片", "↑"]
    await staff.wang.sends_document(b"%PDF-1.4", name="又发一遍.pdf")
    await staff.house.settle()
    assert staff.wang.last().buttons[:3] == files.buttons[:3]

    await staff.wang.sends_location(46.6, 125.1)
    await staff.house.settle()
    assert staff.wang.last().text == "这个放不进答案里。图片、视频、文件可以。"

    draft = await staff.taps(staff.wang, files, "‹ 返回")
    assert "2 张图或文件" in draft.text
    published = await staff.taps(staff.wang, await staff.taps(staff.wang, draft, "发布…"), "现在发布")
    assert "2 张图或文件" in published.text
    before = staff.li.last().message_id
    await staff.asks(staff.li, "麒麟阁几点开门", "麒麟阁几点开门")
    got = [message.kind for message in staff.li.chat() if message.message_id > before + 1]
    assert got == ["document", "photo", "text"]
    before = staff.wang.last().message_id
    await staff.taps(staff.wang, published, "预览")
    seen = [message.kind for message in staff.wang.chat() if message.message_id > before]
    assert seen == got

    files = await staff.taps(staff.wang, await staff.walks_to(staff.wang, "◆ 麒麟阁几点开门"), "图片和文件 2")
    files = await staff.taps(staff.wang, files, "✕ 1. 文件 路线.pdf")
    assert files.buttons == ["✕ 1. 图片", "看图片和文件", "‹ 返回"]


async def test_an_album_is_taken_in_whole_with_one_word(staff: Staff) -> None:
    draft = await new_entry(staff)
    await staff.taps(staff.wang, draft, "图片和文件 0")
    before = staff.wang.last().message_id
    for number in range(3):
        await staff.wang.sends_file("photo", PNG + bytes([number]), media_group="7")
    await staff.house.settle()
    told = [message for message in staff.wang.chat() if message.message_id > before and message.from_bot]
    assert [message.text for message in told] == ["图片正在收。"]
    files = await staff.taps(staff.wang, told[0], "看收了哪些")
    assert files.buttons.count("↑") == 2


async def test_a_picture_with_words_is_picture_and_answer(staff: Staff) -> None:
    await staff.walks(staff.wang, "写一条新的")
    stage = await staff.says(staff.wang, "麒麟阁怎么走")
    await staff.taps(staff.wang, stage, "使用")
    await staff.wang.sends_photo(PNG)
    await staff.house.settle()
    assert staff.wang.last().text.startswith("收下了。再把答案的文字发给我。")
    await staff.wang.sends_photo(PNG + b"2", caption="照图上走。")
    await staff.house.settle()
    draft = await staff.taps(staff.wang, staff.wang.last(), "‹ 返回")
    assert "照图上走。" in draft.text
    assert "图片和文件 2" in draft.buttons


async def test_other_kinds_of_messages_are_answered_kindly(staff: Staff) -> None:
    await staff.walks(staff.wang, "写一条新的")
    await staff.wang.sends_voice(b"OggS")
    await staff.house.settle()
    assert staff.wang.last().text == "请打字发给我。"
    stage = await staff.says(staff.wang, "麒麟阁怎么走")
    await staff.taps(staff.wang, stage, "使用")
    await staff.wang.sends_voice(b"OggS")
    await staff.house.settle()
    assert staff.wang.last().text == "这个放不进答案里。文字、图片、视频、文件可以。"
    await staff.says(staff.wang, "出门左转。")
    await staff.wang.sends_photo(PNG)
    await staff.house.settle()
    assert staff.wang.last().text == "请打字发给我。"
    assert await staff.house.rows("SELECT 1 FROM ticket") == []


async def test_a_way_of_asking_belongs_to_one_entry_and_the_other_is_a_tap_away(staff: Staff) -> None:
    draft = await new_entry(staff)
    asks = await staff.taps(staff.wang, draft, "问法 1")
    await staff.taps(staff.wang, asks, "加问法")
    told = await staff.says(staff.wang, "收不到 验证码怎么办\n麒麟阁几点开门\n饭堂啥时候开\n" + "长" * 61)
    assert told.text.splitlines()[:3] == [
        "加好了 1 种问法。",
        "这些已经有了：麒麟阁几点开门",
        "“收不到 验证码怎么办”在“收不到短信验证码”里已经有了，没有加。",
    ]
    assert "超过 60 个字，没有加" in told.text
    other = await staff.taps(staff.wang, told, "看“收不到短信验证码”")
    assert other.text.startswith("收不到短信验证码\n")


async def test_ways_of_asking_are_taken_away_by_tapping_them(staff: Staff) -> None:
    draft = await new_entry(staff)
    asks = await staff.taps(staff.wang, draft, "问法 1")
    await staff.taps(staff.wang, asks, "加问法")
    told = await staff.says(staff.wang, "\n".join(f"第{number}种饭点问法" for number in "一二三四五六七"))
    asks = await staff.taps(staff.wang, told, "问法 8")
    assert len(asks.rows) == 8
    old = asks
    asks = await staff.taps(staff.wang, asks, "✕ 第一种饭点问法")
    assert "✕ 第一种饭点问法" not in asks.buttons
    # An old button takes away what it said, or nothing: never its neighbour.
    await staff.refused(staff.wang, asks, data=old.rows[2][0].data or "")
    asks = staff.wang.sees(asks)
    assert asks.text.startswith("麒麟阁几点开门：7 种问法")


async def test_place_phones_steps_and_audience_are_chosen_by_tapping(staff: Staff) -> None:
    draft = await new_entry(staff)
    scope = await staff.taps(staff.wang, draft, "分类和范围")
    assert "在哪些步骤提示" not in scope.buttons  # its stage has no cards
    stages = await staff.taps(staff.wang, scope, "分类")
    assert "✓ 支部帮手和找人" in stages.buttons
    scope = await staff.taps(staff.wang, stages, "登录")
    scope = await staff.taps(staff.wang, scope, "只给党员看")
    assert "✓ 只给党员看" in scope.buttons
    steps = await staff.taps(staff.wang, scope, "在哪些步骤提示")
    chosen = steps.buttons[0]
    steps = await staff.taps(staff.wang, steps, chosen)
    assert steps.buttons[0] == f"✓ {chosen}"
    scope = await staff.taps(staff.wang, steps, "‹ 返回")
    phones = await staff.taps(staff.wang, scope, "手机")
    phones = await staff.taps(staff.wang, phones, "苹果")
    phones = await staff.taps(staff.wang, phones, "安卓")
    assert phones.buttons == ["✓ 安卓", "✓ 苹果", "鸿蒙", "家人帮忙", "没有智能手机", "‹ 返回"]
    scope = await staff.taps(staff.wang, phones, "‹ 返回")
    draft = await staff.taps(staff.wang, scope, "‹ 返回")
    assert "登录 · 只给党员看\n在 1 个步骤提示\n手机：安卓、苹果" in draft.text
    await staff.taps(staff.wang, await staff.taps(staff.wang, draft, "发布…"), "现在发布")
    (row,) = await staff.house.rows(
        "SELECT stage, audience, phones, steps FROM faq_entry WHERE origin = 'created'"
    )
    assert (row["stage"], row["audience"], row["phones"]) == ("login", "members", '["android", "iphone"]')
    assert len(row["steps"]) > 4


async def test_nothing_is_published_before_it_is_complete(staff: Staff) -> None:
    await staff.walks(staff.wang, "写一条新的")
    stage = await staff.says(staff.wang, "麒麟阁怎么走")
    answer = await staff.taps(staff.wang, stage, "使用")
    draft = await staff.taps(staff.wang, answer, "‹ 返回")
    check = draft.rows[3][0].data or ""
    assert await staff.refused(staff.wang, draft, data=check) == "还没有答案的文字。请打字发给我。"
    await staff.taps(staff.wang, draft, "改答案")
    draft = await staff.says(staff.wang, "出门左转。")
    told = await staff.refused(staff.wang, draft, data=check)
    assert told == "还没有问法，党员问了也找不到这条。请至少加一种。"
    assert await staff.house.rows("SELECT 1 FROM faq_entry WHERE origin = 'created'") == []


async def test_the_other_language_is_written_beside_it(staff: Staff) -> None:
    draft = await new_entry(staff)
    published = await staff.taps(staff.wang, await staff.taps(staff.wang, draft, "发布…"), "现在发布")
    draft = await staff.taps(staff.wang, published, "写英文版")
    assert "麒麟阁几点开门" in draft.text
    assert "问法 0" in draft.buttons
    await staff.taps(staff.wang, draft, "改标题")
    draft = await staff.says(staff.wang, "When the canteen opens for breakfast")
    await staff.taps(staff.wang, draft, "改答案")
    draft = await staff.says(staff.wang, "At seven.")
    asks = await staff.taps(staff.wang, draft, "问法 0")
    asks = await staff.taps(staff.wang, asks, "加问法")
    done = await staff.taps(staff.wang, asks, "标题也算一种")
    draft = await staff.taps(staff.wang, done, "好了，看草稿")
    english = await staff.taps(staff.wang, await staff.taps(staff.wang, draft, "发布…"), "现在发布")
    assert "At seven." in english.text
    chinese = await staff.taps(staff.wang, english, "中文")
    assert "早上七点。" in chinese.text
    slugs = await staff.house.rows("SELECT DISTINCT slug FROM faq_entry WHERE origin = 'created'")
    assert len(slugs) == 1


async def test_what_is_turned_away_is_edited_too(staff: Staff) -> None:
    home = await staff.walks(staff.chen)
    declines = next(button for button in home.buttons if button.startswith("婉拒的 · "))
    page = await staff.taps(staff.chen, home, declines)
    shown = await staff.taps(staff.chen, page, page.buttons[0])
    scope = await staff.taps(staff.chen, shown, "分类和范围")
    assert "分类" not in scope.buttons
    scope = await staff.taps(staff.chen, scope, "每次都转给书记")
    assert "✓ 每次都转给书记" in scope.buttons
    draft = await staff.taps(staff.chen, scope, "‹ 返回")
    published = await staff.taps(staff.chen, await staff.taps(staff.chen, draft, "发布…"), "现在发布")
    assert "婉拒的 · 每次都转给书记" in published.text
    preview = await staff.taps(staff.chen, published, "预览")
    assert page.buttons[0] not in preview.text  # members get no title of what is turned away
