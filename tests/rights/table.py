"""Who may do what: a row for every button and command of the bot. One that is missing here fails the test."""

import dataclasses
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from tests.rights.world import Part, Where

EVERYBODY = frozenset(Part)
BOUND = EVERYBODY - {Part.STRANGER}
STAFF = frozenset({Part.SECRETARY, Part.DEPUTY, Part.HELPER, Part.GENERAL, Part.ADMIN})
OF_THE_BRANCH = frozenset({Part.SECRETARY, Part.DEPUTY, Part.HELPER})


@dataclasses.dataclass(frozen=True, slots=True)
class Access:
    """Who may do it with what is of their own branch, of a sibling, of a foreign branch."""

    own: AbstractSet[Part]
    sibling: AbstractSet[Part] = frozenset()
    foreign: AbstractSet[Part] = frozenset()
    idle: bool = False
    """The world has nothing that it could be done with: whoever may do it is told so, others are refused all the same."""

    def allowed(self, where: Where) -> AbstractSet[Part]:
        return {Where.OWN: self.own, Where.SIBLING: self.sibling, Where.FOREIGN: self.foreign}[where]


def anywhere(parts: AbstractSet[Part], *, idle: bool = False) -> Access:
    """For what is about nothing but the acting person."""
    return Access(parts, parts, parts, idle)


def _rows(*groups: tuple[str, Access]) -> Mapping[str, Access]:
    table: dict[str, Access] = {}
    for tags, access in groups:
        for tag in tags.split():
            if tag in table:
                raise ValueError(f"{tag} stands in the table twice")
            table[tag] = access
    return table


BRANCH = Access(OF_THE_BRANCH)
ASKER = Access(frozenset({Part.ASKER}))
AUTHOR = Access(frozenset({Part.SECRETARY}))
"""Of a draft, which is the secretary's here."""
_BROWSING = anywhere(EVERYBODY)
_WALKING = anywhere(frozenset({Part.ASKER}))
"""Only the asker has begun the walk-through here."""

_ANNOUNCING = frozenset({Part.SECRETARY, Part.DEPUTY, Part.GENERAL, Part.ADMIN})

_AWAY = Access(frozenset({Part.SECRETARY, Part.GENERAL}), frozenset({Part.GENERAL}))
"""Of the secretary: their own doing, or the level above's."""
_HANDING_OVER = Access(
    frozenset({Part.SECRETARY, Part.GENERAL, Part.ADMIN}),
    frozenset({Part.GENERAL, Part.ADMIN}),
    frozenset({Part.ADMIN}),
)

_DECIDING = Access(frozenset({Part.SECRETARY, Part.DEPUTY}))
_APPROVING = Access(
    frozenset({Part.SECRETARY, Part.DEPUTY, Part.GENERAL}), frozenset({Part.GENERAL}), frozenset({Part.ADMIN})
)
"""Who may look at what the branch has agreed to; of the foreign branch there is nobody above but the committee."""

BUTTONS: Mapping[str, Access] = _rows(
    # The roster: oneself, joining, codes and links for one's own unit, importing
    ("me.forget me.keep me.language join.begin join.cancel join.code join.unit join.withdraw", _BROWSING),
    ("code.issue", BRANCH),
    ("code.page link.page", anywhere(STAFF)),
    (
        "link.show",
        Access(STAFF, frozenset({Part.GENERAL, Part.ADMIN}), frozenset({Part.ADMIN})),
    ),
    ("join.absent join.choose join.confirm join.refuse join.who", BRANCH),
    ("im.apply im.missing im.show", Access(frozenset({Part.ADMIN}), idle=True)),
    ("im.drop", Access(frozenset({Part.ADMIN}))),
    # The FAQ as members use it
    ("faq.menu faq.stage", _BROWSING),
    ("faq.topic", Access(BOUND)),
    ("faq.back faq.no faq.none faq.person faq.yes", ASKER),
    ("faq.pick", Access(frozenset({Part.ASKER}), idle=True)),
    # Keeping it
    ("fe.home ft.again", anywhere(STAFF)),
    (
        (
            "fe.asks fe.drafts fe.edit fe.files fe.group fe.new fe.of fe.off fe.off1 fe.on fe.open fe.other fe.own"
            " fe.own1 fe.past fe.retired fe.see fe.undo fh.of fx.files fx.in fx.out"
        ),
        BRANCH,
    ),
    ("fe.undo1", Access(OF_THE_BRANCH, idle=True)),
    ("fe.rev", BRANCH),
    (
        (
            "fe.askadd fe.askdel fe.asktitle fe.aud fe.change fe.dasks fe.dfiles fe.draft fe.drop fe.drop1 fe.dsee"
            " fe.filedel fe.fileup fe.hand fe.later fe.phone fe.phones fe.stage fe.stages fe.steps fe.theirs"
        ),
        AUTHOR,
    ),
    ("fe.check fe.pub fe.step", Access(AUTHOR.own, idle=True)),
    ("fx.show fx.drop", AUTHOR),
    ("fx.apply fx.choose fx.conflict", Access(AUTHOR.own, idle=True)),
    ("ft.done", _BROWSING),
    ("ft.as ft.back ft.eyes ft.lang ft.see ft.why", Access(frozenset(), idle=True)),
    # What questions teach
    ("faq.lc faq.lf faq.lo faq.lq faq.ls faq.la faq.lw faq.lx", BRANCH),
    (
        "faq.lt",
        Access(STAFF, frozenset({Part.GENERAL, Part.ADMIN}), frozenset({Part.ADMIN})),
    ),
    ("faq.lu faq.lz faq.az faq.aa faq.ar", Access(OF_THE_BRANCH, idle=True)),
    ("faq.aw", BRANCH),
    # The walk-through
    ("ob.ask ob.later ob.phones", _BROWSING),
    ("ob.go ob.phone", anywhere(BOUND)),
    ("ob.again ob.back ob.done ob.hand ob.none ob.not ob.resume ob.show ob.stuck ob.unsolved", _WALKING),
    ("ob.try", anywhere(frozenset({Part.ASKER}), idle=True)),
    # Dues
    ("du.hand du.how du.income du.incomes du.enough du.not du.reckon", _BROWSING),
    ("du.mine", anywhere(BOUND)),
    ("du.back du.claim du.snooze du.trouble du.waive", ASKER),
    ("du.branch du.list du.look du.over", BRANCH),
    # To be let off: the branch decides, then the level above approves what has come up to it
    ("dw.plain dw.wait", _BROWSING),
    ("dw.undo", ASKER),
    ("dw.see dw.free dw.less dw.amount dw.no dw.no1", _DECIDING),
    ("dw.ok dw.back dw.back1", _APPROVING),
    # What the branch agrees on
    ("da.terms", BRANCH),
    ("da.quarter da.payers da.paidby da.revoke", _DECIDING),
    ("du.settle", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    # A round, and when a unit reminds
    ("du.cancel du.restore du.rww du.rwd", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("du.round du.rwo du.ph du.phr du.phm", BRANCH),
    ("du.ptu", anywhere(STAFF - {Part.HELPER})),
    ("du.pto du.pta du.pts du.ptn du.ptw du.ptd", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    # Announcing: drafts are the secretary's here
    ("an.new", anywhere(_ANNOUNCING)),
    ("an.not", _BROWSING),
    ("an.unit", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("an.show an.edit an.drop an.mark an.send an.undo an.now", AUTHOR),
    ("an.pause an.go an.stop an.read an.by", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("an.seen", Access(frozenset({Part.SECRETARY, Part.ASKER}))),
    # Payment files: whoever sent one decides about it; taking back is for them and the level above
    ("du.pay", anywhere(frozenset({Part.SECRETARY, Part.DEPUTY, Part.GENERAL, Part.ADMIN}))),
    ("du.payin", Access(AUTHOR.own, idle=True)),
    ("du.payno", AUTHOR),
    (
        "du.payask du.payundo",
        Access(
            frozenset({Part.SECRETARY, Part.GENERAL, Part.ADMIN}),
            frozenset({Part.GENERAL, Part.ADMIN}),
            frozenset({Part.ADMIN}),
        ),
    ),
    # Tickets
    ("hd.close hd.tools", BRANCH),
    ("hd.show", Access(OF_THE_BRANCH | {Part.ASKER})),
    ("hd.add hd.drop hd.goeson hd.more hd.now hd.rate hd.say hd.solved hd.undo", ASKER),
    ("hd.mrg hd.mrgdo hd.mrgto hd.why", BRANCH),
    # Putting aside: the owner, who is the secretary here
    ("hd.snz hd.snzday hd.snzre hd.snzto", AUTHOR),
    ("hd.wake", Access(AUTHOR.own, idle=True)),
    ("hd.page hd.inbox hd.found hd.sim", anywhere(BOUND)),
    ("hd.leave", _BROWSING),
    ("hd.digest hd.digestat", anywhere(STAFF)),
    ("hd.past hd.simof hd.simwr", BRANCH),
    ("hd.simsame hd.simwho hd.simtick hd.simsee hd.simsend hd.simgot", Access(OF_THE_BRANCH, idle=True)),
    ("hd.wtu", anywhere(STAFF - {Part.HELPER})),
    ("hd.wta hd.wth hd.wto hd.wts hd.wtw", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    # Two at one ticket: claiming, what was kept back, notes, canned replies, passing on, helping
    ("hd.reopen hd.sendit hd.withhold", AUTHOR),
    ("hd.claim hd.takeover hd.note hd.to hd.topick hd.tonow", BRANCH),
    ("hd.helped hd.helpend", Access(OF_THE_BRANCH, idle=True)),
    ("hd.crlist hd.crsee hd.crsend hd.cradapt", BRANCH),
    ("hd.crhome", anywhere(STAFF)),
    ("hd.crshelf hd.cropen hd.cradd hd.crchange hd.croff hd.cron", BRANCH),
    ("hd.stop", _BROWSING),
    # The team's group: its administrators agree in it, and here is no group
    ("hd.tm.agree", Access(frozenset())),
    ("hd.tm.yes hd.tm.no", AUTHOR),
    ("hd.tm.unit", Access(OF_THE_BRANCH, idle=True)),
    ("hd.tm.unlink", BRANCH),
    # Being away, and handing a post over: of the secretary there
    ("hd.awo", anywhere(frozenset({Part.SECRETARY, Part.GENERAL, Part.ADMIN}))),
    ("hd.aw hd.aww hd.awf hd.awu hd.awp hd.awc hd.awb", _AWAY),
    ("hd.awd", Access(frozenset({Part.DEPUTY}))),
    ("hd.ho", anywhere(STAFF)),
    ("hd.hos hd.hop hd.hoc", _HANDING_OVER),
)

COMMANDS: Mapping[str, AbstractSet[Part]] = {
    **dict.fromkeys(("start", "help", "language", "mydata", "forgetme", "ask"), EVERYBODY),
    **dict.fromkeys(("who", "tickets", "find", "guide", "dues"), BOUND),
    **dict.fromkeys(("code", "link", "faq", "faq_health", "try"), STAFF),
    **dict.fromkeys(("away", "handover", "replies"), STAFF),
    "hours": EVERYBODY,
    "team": OF_THE_BRANCH,
    "roster": frozenset({Part.ADMIN}),
    "announce": _ANNOUNCING,
}

GROUP_COMMANDS: Mapping[str, AbstractSet[Part]] = {"team": OF_THE_BRANCH}

DIALOGUES: Mapping[str, Access] = _rows(
    ("join.code join.name", _BROWSING),
    ("du.describing dw.asking", ASKER),
    ("dw.pricing dw.refusing da.naming", _DECIDING),
    ("dw.returning", _APPROVING),
    ("du.base", _BROWSING),
    ("an.writing", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("du.rewording", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("ob.describing", _WALKING),
    ("fe.naming fx.file faq.find", BRANCH),
    ("fe.writing", AUTHOR),
    ("hd.noting hd.adapting hd.wording hd.cradding hd.crchange", BRANCH),
    ("hd.saying hd.askon", ASKER),
    ("hd.search", anywhere(BOUND)),
    ("hd.similar", BRANCH),
    ("hd.snzday", AUTHOR),
    ("hd.hours", Access(frozenset({Part.SECRETARY, Part.DEPUTY}))),
    ("hd.away", _AWAY),
    ("hd.hand", _HANDING_OVER),
)
