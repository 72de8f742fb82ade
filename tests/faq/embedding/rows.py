"""A few topics, put into an empty database."""

from bot.faq import store as faq
from bot.kit.work import Works

ENTRIES = {
    "pay-how": ("怎么交党费", "党费在哪里交", "交党费点哪里"),
    "login-sms": ("收不到验证码", "验证码老是不来"),
    "install-where": ("在哪里下载安装包",),
}


async def publish(works: Works, slug: str, *phrasings: str, title: str = "") -> None:
    async with works.begin() as work:
        row = await work.session.value(
            "INSERT INTO faq_entry (slug, language, kind, title, body, steps, phones, audience, source, handover, state,"
            " origin, digest, updated_at) VALUES (:slug, 'zh', 'entry', :title, '', '[]', '[]', 'public', '', 0,"
            " 'published', 'file', '', 0) RETURNING id",
            slug=slug,
            title=title,
        )
        await work.session.run_many(
            "INSERT INTO faq_phrasing (entry_id, place, text) VALUES (:entry, :place, :text)",
            [{"entry": row, "place": place, "text": text} for place, text in enumerate(phrasings)],
        )
        await faq.count_version(work.session)
