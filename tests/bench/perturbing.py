"""Ways in which what people send differs from what they meant to: one at a time, the same every time."""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

_COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德"
    "资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交"
    "规万取拉格望觉术领共确传师观清今切院让识候带导争运笔费党支登录陆密码验证收账帐号安装下载软件短信手机银行卡绑定忘闪退打非肥飞"
)


def _homophone(text: str) -> str:
    """One character becomes another common one of the same sound."""
    able = [place for place, each in enumerate(text) if _sounding(each)]
    if not able:
        return text
    dice = random.Random(text)
    place = dice.choice(able)
    return text[:place] + dice.choice(_sounding(text[place])) + text[place + 1 :]


def _sounding(character: str) -> list[str]:
    if not "\u4e00" <= character <= "\u9fff":
        return []
    return [each for each in _by_sound()[lazy_pinyin(character, style=Style.NORMAL)[0]] if each != character]


@cache
def _by_sound() -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys(_COMMON):
        found[lazy_pinyin(character, style=Style.NORMAL)[0]].append(character)
    return found


def _typo(text: str) -> str:
    """One character is missing, or two have changed places."""
    if len(text) < 4:
        return text
    dice = random.Random(text)
    place = dice.randrange(1, len(text) - 2)
    if dice.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def _greeted(text: str) -> str:
    if text.isascii():
        return f"Hello, good morning, may I ask: {text} Thank you very much!"
    return f"您好，打扰一下，请问{text}麻烦您了，谢谢！"


def _told(text: str) -> str:
    if text.isascii():
        return f"I work in team three and am fifty-eight. {text}"
    return f"我是采油三队的老职工，今年五十八了，{text}"


def _unmarked(text: str) -> str:
    return (
        "".join(
            each
            for each in text
            if not unicodedata.category(each).startswith(("P", "S")) and not re.match(r"\s", each)
        )
        if not text.isascii()
        else re.sub(r"[^\w\s]", "", text)
    )


WAYS: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "one homophone": _homophone,
    "traditional characters": OpenCC("s2t").convert,
    "a greeting around it": _greeted,
    "a word about oneself before it": _told,
    "no punctuation": _unmarked,
    "full-width letters and digits": _wide,
    "one slip of the finger": _typo,
    "emoji at its end": lambda text: f"{text}😭🙏",
}
