"""An invented organisation, as the roster file the demo imports: one committee, three general branches, twelve branches
and about three hundred members. All people are invented; their phones are in the range 1380000xxxx.
"""

import csv
import dataclasses
import io
from collections.abc import Iterator, Sequence
from random import Random

from bot.roster.importing.columns import titles

SEED = 1921
COMMITTEE = "采油一厂党委"

_BRANCHES = {
    "采油党总支": ("采油一队党支部", "采油二队党支部", "采油三队党支部", "采油四队党支部", "集输站党支部"),
    "机关党总支": ("机关第一党支部", "机关第二党支部", "科研所党支部"),
    "离退休党总支": ("离退休第一党支部", "离退休第二党支部", "后勤党支部", "维修大队党支部"),
}
_RETIRED = "离退休"
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
_GIVEN = (
    "建国 建军 国强 志强 卫东 红梅 秀英 桂兰 玉兰 春梅 晓明 晓东 海燕 海涛 丽华 丽娜 永强 永刚 文静 文博 雪梅 雪峰 金凤 金山"
    " 凤英 德华 德明 淑珍 淑芬 立新 立华 振华 振东 爱民 爱华 新民 世杰 俊峰 俊杰 思远 雨晴 子轩 佳怡 浩然 明辉 光荣 长河 大勇"
)
_EVERY_THIRD = 3
"""Of so many branches, one has helpers besides secretary and deputy."""


@dataclasses.dataclass(frozen=True, slots=True)
class SamplePerson:
    """A row of the file; `post`, `status` and `category` as written there, `monthly_dues` in yuan or empty."""

    employee_no: str
    name: str
    phone: str
    branch: str
    general_branch: str
    post: str
    status: str
    category: str
    monthly_dues: str


def people(seed: int = SEED) -> Sequence[SamplePerson]:
    """Always the same for the same seed; names and phones do not repeat."""
    random = Random(seed)
    names = _names(random)
    found: list[SamplePerson] = []
    branches = [(general, branch) for general, below in _BRANCHES.items() for branch in below]
    for index, (general, branch) in enumerate(branches):
        posts = _posts(index, first_of_general=branch == _BRANCHES[general][0])
        for place in range(random.randint(21, 29)):
            number = len(found) + 1
            post = posts[place] if place < len(posts) else ""
            found.append(_person(random, number, next(names), general, branch, post))
    return tuple(found)


def roster_csv(seed: int = SEED) -> bytes:
    """The roster file: CSV in UTF-8 with BOM, Chinese headers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(titles())
    for person in people(seed):
        writer.writerow(
            (
                person.employee_no,
                person.name,
                person.phone,
                person.branch,
                person.general_branch,
                COMMITTEE,
                person.post,
                person.status,
                person.category,
                person.monthly_dues,
                "",
            )
        )
    return text.getvalue().encode("utf-8-sig")


def _names(random: Random) -> Iterator[str]:
    every = [surname + given for surname in _SURNAMES for given in _GIVEN.split()]
    random.shuffle(every)
    return iter(every)


def _posts(index: int, *, first_of_general: bool) -> Sequence[str]:
    """Who stands first in a branch: secretary, deputy, here and there helpers, general staff, one admin."""
    posts = ["书记", "副书记"]
    if index % _EVERY_THIRD == 0:
        posts += ["帮扶", "帮扶"]
    if first_of_general:
        posts.append("总支书记")
    if index == 0:
        posts.append("党委管理员")
    return posts


def _person(random: Random, number: int, name: str, general: str, branch: str, post: str) -> SamplePerson:
    retired = not post and (random.random() < 0.9 if branch.startswith(_RETIRED) else random.random() < 0.06)
    category = "离退休" if retired else random.choices(("在职", "学生", "其他"), (96, 2, 2))[0]
    probationary = not post and not retired and random.random() < 0.03
    return SamplePerson(
        employee_no=f"{100_000 + number}",
        name=name,
        phone=f"1380000{number:04}",
        branch=branch,
        general_branch=general,
        post=post,
        status="预备" if probationary else "正式",
        category=category,
        monthly_dues=_dues(random, category),
    )


def _dues(random: Random, category: str) -> str:
    """By the rates of design section 4; for some the amount is not known yet."""
    if random.random() < 0.04:
        return ""
    if category == "学生":
        return "0.2"
    if category == "离退休":
        base = random.randrange(3_200, 7_200, 50)
        return f"{base * (5 if base <= 5_000 else 10) / 1000:.2f}"
    base = random.randrange(3_600, 12_500, 50)
    permille = 10 if base <= 5_000 else 15 if base <= 10_000 else 20
    return f"{base * permille / 1000:.2f}"
