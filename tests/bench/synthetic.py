"""A made-up FAQ of any size: subjects, troubles and circumstances put together as people do."""

import random
from collections.abc import Sequence

from bot.faq.matcher import Topic
from bot.faq.model import Kind

_SYLLABLES = (
    "登录密码验证账号安装下载更新短信手机银行卡绑定支付党费缴纳金额转接支部书记会议签到通知资料头像学习积分证明凭证退款限额网络权限闪退空间"
    "系统版本苹果安卓电脑家人代办工资退休学生预备困难组织关系单位姓名身份余额流水发票合同考勤宿舍食堂班车门禁工装体检培训报销差旅休假"
)
_OPENINGS = ("", "请问", "我的", "怎么", "为什么", "我想问", "师傅", "麻烦看看", "昨天开始", "一直")
_ENDINGS = (
    "怎么办",
    "不行",
    "没反应",
    "在哪里",
    "要多久",
    "找谁",
    "能不能改",
    "咋弄",
    "老是出错",
    "是什么意思",
    "可以吗",
    "",
)
_FILLERS = ("那个", "的", "这边", "上", "里面", "的时候", "现在", "又", "还", "已经")


def content(entries: int, phrasings: int) -> tuple[Sequence[Topic], Sequence[tuple[str, str]]]:
    """Topics, and questions that are none of their phrasings, with the key of the topic each means."""
    dice = random.Random(7)
    words = [_SYLLABLES[place : place + 2] for place in range(0, len(_SYLLABLES), 2)]
    words += ["".join(dice.sample(_SYLLABLES, 2)) for _ in range(entries // 2)]
    topics: list[Topic] = []
    questions: list[tuple[str, str]] = []
    for number in range(entries):
        subject = dice.sample(words, 4)
        texts = {_said(dice, subject) for _ in range(2 * phrasings)}
        ordered = sorted(texts)
        dice.shuffle(ordered)
        topics.append(Topic(f"entry-{number}", Kind.ENTRY, tuple(ordered[:phrasings])))
        questions += [(text, f"entry-{number}") for text in ordered[phrasings : phrasings + 1]]
    dice.shuffle(questions)
    return topics, questions[:1_000]


def _said(dice: random.Random, subject: Sequence[str]) -> str:
    used = dice.sample(subject, dice.choice((2, 3, 3)))
    middle = "".join(word + (dice.choice(_FILLERS) if dice.random() < 0.6 else "") for word in used)
    return f"{dice.choice(_OPENINGS)}{middle}{dice.choice(_ENDINGS)}"
