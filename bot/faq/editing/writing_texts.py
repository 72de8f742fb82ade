"""Writing a draft, put into words."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq import markup
from bot.faq.editing import buttons as b
from bot.faq.editing import words
from bot.faq.editing.buttons import Field
from bot.faq.editing.drafts import FILES_LIMIT, PHRASING_LIMIT, Phrased, key_of
from bot.faq.editing.rules import Difference
from bot.faq.model import Attachment, Audience, Entry, HandOver, Kind, MediaKind, Phone, Stage, Step
from bot.faq.upkeep.store import Draft
from bot.kit.buttons import Button
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_ASKS_PAGE = 5
_TAKEN_SHOWN = 3
_CHUNK = 3_500
"""Characters of a text for copying that one message takes, with room for its tags."""


def draft(
    _: Words,
    shown: Draft,
    unit: str | None,
    body: Markup,
    change: Difference | None,
    note: Markup | None = None,
) -> Message:
    """`change`: against what is published; None for a new entry. `note` stands above."""
    entry = shown.content
    heading = _("Draft for {unit}. Members see nothing of it yet.", unit=words.unit_name(_, unit))
    about = [Markup("— — —"), *_about(_, entry)]
    if change is not None:
        about.append(words.changed(_, change))
    title = Markup("<b>{}</b>").format(words.title_of(_, entry))
    answer = body or _("There is no answer yet.")
    parts = [*([note] if note else []), heading, title, answer, Markup("\n").join(about)]
    whole = Markup("\n\n").join(parts)
    if markup.visible_length(whole) > markup.LIMIT:
        parts[-2] = _("The answer is long: tap “Preview” to read it.")
        whole = Markup("\n\n").join(parts)
    return Message(whole, rows(*_draft_buttons(_, shown)))


def ask_title(_: Words, back: Button, limit: int, now: str = "") -> Message:
    text = _(
        "What is the title? At most {limit} characters, as members see it on the button. Example: “No SMS code”.",
        limit=limit,
    )
    if now:
        text += "\n" + _("Now: {title}", title=now)
    return Message(text, rows(words.back(_, back)))


def ask_body(_: Words, draft_id: int, known: Mapping[str, str]) -> Message:
    """`known`: the facts that the present answer uses, with their values."""
    text = _(
        "Send me the answer, as long as one message. Bold, links and lists stay as you write them; send pictures,"
        " videos and files too."
    )
    if known:
        text += "\n\n" + _(
            "The words in braces are filled in when members read it; please leave them as they are:"
        )
        for name, value in known.items():
            text += Markup("\n{} → {}").format(
                "{" + name + "}", value or _.plain("(not set: the line is left out)")
            )
    return Message(text, rows(words.back(_, b.Draft(draft_id))))


def to_copy(_: Words, body: str) -> Sequence[Message]:
    """The present answer, to be copied, changed and sent back."""
    return [
        Message(_("This is the answer now. Copy it, change it and send it to me:")),
        *(Message(markup.as_written(chunk)) for chunk in _chunks(body)),
    ]


def your_text(_: Words, body: str) -> Sequence[Message]:
    """An answer that gave way, so that it is not lost."""
    return [
        Message(_("This was your answer. You can copy from it:")),
        *(Message(markup.as_written(chunk)) for chunk in _chunks(body)),
    ]


def asks(_: Words, shown: Draft, page: int) -> Message:
    """The phrasings of a draft, to be taken away one by one."""
    phrasings = shown.content.phrasings
    last = words.last_page(len(phrasings), _ASKS_PAGE)
    page = min(max(page, 0), last)
    title = words.title_of(_, shown.content)
    heading = _.plural(
        "<b>{title}</b>: {count} way of asking",
        "<b>{title}</b>: {count} ways of asking",
        len(phrasings),
        title=title,
    )
    if phrasings:
        heading += "\n" + _("Tap one to take it away.")
    drop = [
        [b.DropAsk(shown.id, page, key_of(each)).labelled(f"✕ {each}")]
        for each in phrasings[page * _ASKS_PAGE : (page + 1) * _ASKS_PAGE]
    ]
    add = [b.AddAsks(shown.id).labelled(_.plain(N_("Add ways of asking")))]
    turn = words.turns(_, page, last, b.DraftAsks(shown.id, page - 1), b.DraftAsks(shown.id, page + 1))
    return Message(heading, rows(add, *drop, turn, words.back(_, b.Draft(shown.id))))


def ask_phrasings(_: Words, shown: Draft) -> Message:
    text = _(
        "How do members ask this? Write it as they say it, one way a line; several at once is fine, and you can send"
        " more after."
    )
    title = shown.content.title
    too = []
    if title and title not in shown.content.phrasings:
        too.append(b.TitleToo(shown.id).labelled(_.plain(N_("The title as well"))))
    return Message(text, rows(too, words.back(_, b.Draft(shown.id))))


def phrased(_: Words, done: Phrased) -> Message:
    """What became of the phrasings that were sent."""
    lines = []
    if done.added:
        lines.append(
            _.plural("Added {count} way of asking.", "Added {count} ways of asking.", len(done.added))
        )
    if done.known:
        lines.append(_("Already here: {texts}", texts=_listed(_, done.known)))
    lines += [
        _("“{text}” already stands in “{title}”, so it was left out.", text=text, title=line.title)
        for text, line in done.taken[:_TAKEN_SHOWN]
    ]
    if len(done.taken) > _TAKEN_SHOWN:
        lines.append(_("… and {count} more", count=len(done.taken) - _TAKEN_SHOWN))
    if done.long:
        lines.append(
            _(
                "Longer than {limit} characters: {texts}. Shorter ones work better.",
                limit=PHRASING_LIMIT,
                texts=_listed(_, done.long),
            )
        )
    if not lines:
        lines.append(_("There was no text in that. Please write one way of asking a line."))
    others = {line.row: line.title for _text, line in done.taken[:_TAKEN_SHOWN]}
    opened = [
        [b.Open(done.draft.owner, row).labelled(_.plain(N_("Open “{title}”"), title=title))]
        for row, title in others.items()
    ]
    all_asks = b.DraftAsks(done.draft.id, 0).labelled(
        _.plain(N_("Ways of asking {count}"), count=len(done.draft.content.phrasings))
    )
    on = b.Draft(done.draft.id).labelled(_.plain(N_("Done, to the draft")))
    lines.append(_("More? Just send them."))
    return Message(Markup("\n").join(lines), rows(*opened, [all_asks, on]))


def files(_: Words, shown: Draft, note: Markup | None = None) -> Message:
    media = shown.content.media
    heading = _("No pictures or files yet.")
    if media:
        heading = _.plural("{count} picture or file", "{count} pictures and files", len(media))
    if len(media) < FILES_LIMIT:
        heading += "\n" + _("Send a picture, a video or a file (up to 20 MB), and I add it at the end.")
    if note is not None:
        heading = note + "\n" + heading
    lines = [_file_line(_, shown.id, place, each) for place, each in enumerate(media)]
    see = [b.DraftFiles(shown.id).labelled(_.plain(N_("See pictures and files")))] if media else []
    return Message(heading, rows(*lines, see, words.back(_, b.Draft(shown.id))))


def album(_: Words, draft_id: int) -> Message:
    """Under an album, whose pictures come one by one."""
    return Message(
        _("I am taking in your pictures."),
        rows([b.Change(draft_id, Field.FILES).labelled(_.plain(N_("See what is there")))]),
    )


def unfit(_: Words, field: Field) -> Message:
    """To a kind of message that has no place here."""
    if field is Field.FILES:
        return Message(_("That does not fit an answer. Pictures, videos and files do."))
    if field is Field.BODY:
        return Message(_("That does not fit an answer. Text, pictures, videos and files do."))
    return Message(_("Please send it as text."))


def scope(_: Words, shown: Draft, steps: int) -> Message:
    """Where an entry belongs and who sees it. `steps`: how many cards of the walk-through there are to choose from."""
    entry = shown.content
    lines = [Markup("<b>{}</b>").format(words.title_of(_, entry)), *_about(_, entry)]
    choices: list[list[InlineKeyboardButton]] = []
    if entry.kind is Kind.ENTRY:
        choices.append([b.Stages(shown.id).labelled(_.plain(N_("Where it belongs")))])
        if steps:
            choices.append([b.Steps(shown.id).labelled(_.plain(N_("Steps it helps with")))])
        choices.append([b.Phones(shown.id).labelled(_.plain(N_("Phones")))])
        choices.append(
            [
                b.SetAudience(shown.id, audience).labelled(
                    _ticked(words.audience_name(_, audience), audience is entry.audience)
                )
                for audience in Audience
            ]
        )
    elif entry.kind is Kind.DECLINE:
        choices += [
            [
                b.SetHandover(shown.id, handover).labelled(
                    _ticked(words.handover_name(_, handover), handover is entry.handover)
                )
            ]
            for handover in (HandOver.OFFERED, HandOver.ALWAYS, HandOver.NEVER)
        ]
    else:
        lines.append(_("Small talk has no stage: everybody gets it."))
    return Message(Markup("\n").join(lines), rows(*choices, words.back(_, b.Draft(shown.id))))


def stages(_: Words, shown: Draft, *, new: bool) -> Message:
    """`new`: the answer comes next."""
    choices = [
        [
            b.SetStage(shown.id, stage, new).labelled(
                _ticked(words.stage_name(_, stage), stage is shown.content.stage)
            )
        ]
        for stage in Stage
    ]
    back = b.Draft(shown.id) if new else b.Change(shown.id, Field.SCOPE)
    return Message(_("Where does it belong?"), rows(*choices, words.back(_, back)))


def steps(_: Words, shown: Draft, offered: Sequence[Step]) -> Message:
    choices = [
        [b.SetStep(shown.id, key_of(step.id)).labelled(_ticked(step.title, step.id in shown.content.steps))]
        for step in offered
    ]
    return Message(
        _("On which cards of the walk-through is it offered to somebody who is stuck? Tap to choose."),
        rows(*choices, words.back(_, b.Change(shown.id, Field.SCOPE))),
    )


def phones(_: Words, shown: Draft) -> Message:
    choices = [
        [
            b.SetPhone(shown.id, phone).labelled(
                _ticked(words.phone_name(_, phone), phone in shown.content.phones)
            )
        ]
        for phone in Phone
    ]
    return Message(
        _("For which phones is it? Tap to choose; with none chosen, it is for all."),
        rows(*choices, words.back(_, b.Change(shown.id, Field.SCOPE))),
    )


def kept(_: Words, shown: Draft) -> Message:
    return Message(
        _("“{title}” waits among your drafts. Nobody else sees it.", title=words.title_of(_, shown.content)),
        rows(
            [b.Draft(shown.id).labelled(_.plain(N_("Go on writing")))],
            words.back(_, b.HomeOf(shown.owner)),
        ),
    )


def ask_throw_away(_: Words, shown: Draft) -> Message:
    text = _("Throw this draft of “{title}” away?", title=words.title_of(_, shown.content))
    if shown.entry_row is not None:
        text += " " + _("The published entry stays as it is.")
    return Message(
        text,
        rows(
            [b.ThrowAwayNow(shown.id).labelled(_.plain(N_("Throw away")))],
            words.back(_, b.Draft(shown.id)),
        ),
    )


def thrown_away(_: Words, shown: Draft) -> Message:
    to = b.HomeOf(shown.owner) if shown.entry_row is None else b.Open(shown.owner, shown.entry_row)
    return Message(_("The draft is gone."), rows(words.back(_, to)))


def files_above(_: Words, entry: Entry, *back: InlineKeyboardButton) -> Message:
    return Message(
        _.plural("{count} picture or file", "{count} pictures and files", len(entry.media)), rows(list(back))
    )


def _about(_: Words, entry: Entry) -> Iterator[Markup]:
    if entry.kind is Kind.ENTRY:
        stage = _.plain("no stage yet") if entry.stage is None else words.stage_name(_, entry.stage)
        yield Markup("{} · {}").format(stage, words.audience_name(_, entry.audience))
        if entry.steps:
            yield _.plural("Offered on {count} card", "Offered on {count} cards", len(entry.steps))
        if entry.phones and set(entry.phones) != set(Phone):
            yield _(
                "Phones: {phones}", phones=_listed(_, [words.phone_name(_, each) for each in entry.phones])
            )
    elif entry.kind is Kind.DECLINE:
        yield Markup("{}").format(words.handover_name(_, entry.handover))
    counts = [_.plural("{count} way of asking", "{count} ways of asking", len(entry.phrasings))]
    if entry.media:
        counts.append(_.plural("{count} picture or file", "{count} pictures and files", len(entry.media)))
    yield Markup(" · ").join(counts)


def _draft_buttons(_: Words, shown: Draft) -> Sequence[list[InlineKeyboardButton]]:
    entry = shown.content

    def change(field: Field, label: str) -> InlineKeyboardButton:
        return b.Change(shown.id, field).labelled(label)

    return [
        [change(Field.BODY, _.plain(N_("Edit answer"))), change(Field.TITLE, _.plain(N_("Edit title")))],
        [
            change(Field.PHRASINGS, _.plain(N_("Ways of asking {count}"), count=len(entry.phrasings))),
            change(Field.FILES, _.plain(N_("Pictures, files {count}"), count=len(entry.media))),
        ],
        [
            change(Field.SCOPE, _.plain(N_("Place and audience"))),
            b.PreviewDraft(shown.id).labelled(_.plain(N_("Preview"))),
        ],
        [b.Check(shown.id).labelled(_.plain(N_("Publish…")))],
        [
            b.Later(shown.id).labelled(_.plain(N_("Leave it for later"))),
            b.ThrowAway(shown.id).labelled(_.plain(N_("Throw away"))),
        ],
    ]


def _file_line(_: Words, draft_id: int, place: int, file: Attachment) -> list[InlineKeyboardButton]:
    key = key_of(file.digest)
    up = [b.FileUp(draft_id, key).labelled("↑")] if place else []
    name = f" {file.name}" if file.kind is MediaKind.DOCUMENT else ""  # others are named by no person
    label = f"✕ {place + 1}. {words.file_name(_, file.kind)}{name}"
    return [b.DropFile(draft_id, key).labelled(label), *up]


def _ticked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _listed(_: Words, texts: Collection[str]) -> str:
    return _.plain(", ").join(texts)


def _chunks(body: str) -> Iterator[str]:
    """A text in pieces that each fit a message, divided between lines."""
    piece: list[str] = []
    for line in body.splitlines():
        if piece and sum(len(each) + 1 for each in piece) + len(line) > _CHUNK:
            yield "\n".join(piece)
            piece = []
        piece.append(line)
    if any(line.strip() for line in piece):
        yield "\n".join(piece)
