"""Writing a draft, step by step."""

from collections.abc import Sequence

from bot.faq import markup
from bot.faq.editing import browsing, drafts, files, finding_texts, formatting, words, writing_texts
from bot.faq.editing import buttons as b
from bot.faq.editing.buttons import Field
from bot.faq.editing.screens import Screens
from bot.faq.model import Entry, Owner, Step
from bot.faq.upkeep.store import Draft
from bot.kit.buttons import Button
from bot.kit.errors import Outdated
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


class Writing:
    def __init__(self, router: Router[Actor], screens: Screens, steps: Sequence[Step]) -> None:
        self._screens = screens
        self._steps = steps
        router.dialogue(b.Naming, self._named)
        router.dialogue(b.Writing, self._written)
        router.button(b.New, self._new)
        router.button(b.Edit, self._edit)
        router.button(b.Override, self._ask_override)
        router.button(b.OverrideNow, self._override)
        router.button(b.Translate, self._translate)
        router.button(b.Draft, self._draft)
        router.button(b.Change, self._change)
        router.button(b.DraftAsks, self._asks)
        router.button(b.AddAsks, self._add_asks)
        router.button(b.TitleToo, self._title_too)
        router.button(b.DropAsk, self._drop_ask)
        router.button(b.FileUp, self._file_up)
        router.button(b.DropFile, self._drop_file)
        router.button(b.DraftFiles, self._files)
        router.button(b.Stages, self._stages)
        router.button(b.SetStage, self._set_stage)
        router.button(b.Steps, self._show_steps)
        router.button(b.SetStep, self._set_step)
        router.button(b.Phones, self._phones)
        router.button(b.SetPhone, self._set_phone)
        router.button(b.SetAudience, self._set_audience)
        router.button(b.SetHandover, self._set_handover)
        router.button(b.PreviewDraft, self._preview)
        router.button(b.Later, self._later)
        router.button(b.ThrowAway, self._ask_throw_away)
        router.button(b.ThrowAwayNow, self._throw_away)

    async def open_draft(self, ctx: Ctx, owner: Owner, entry: Entry) -> None:
        """Begins a draft of a new entry with this content and shows it in place of the tapped message."""
        await self._show(ctx, await drafts.begin(ctx, ctx.actor, owner, entry))

    # Beginning

    async def _new(self, ctx: Ctx, button: b.New) -> None:
        at = await browsing.desk(ctx.session, ctx.actor, button.owner)
        await ctx.expect(b.Naming(button.owner))
        await ctx.replace(self._ask_title(ctx, b.HomeOf(button.owner), at.language))

    async def _named(self, ctx: Ctx, naming: b.Naming) -> None:
        if ctx.message.text is None:
            await ctx.reply(writing_texts.unfit(ctx._, Field.TITLE))
            return
        draft = await drafts.blank(ctx, ctx.actor, naming.owner, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(writing_texts.stages(ctx._, draft, new=True))

    async def _edit(self, ctx: Ctx, button: b.Edit) -> None:
        draft = await drafts.edit(ctx, ctx.actor, button.owner, button.row)
        await self._ask(ctx, draft, button.field)

    async def _ask_override(self, ctx: Ctx, button: b.Override) -> None:
        shown = await browsing.opened(ctx, ctx.actor, button.owner, button.row)
        unit = await browsing.unit_name(ctx.session, button.owner)
        await ctx.replace(finding_texts.ask_override(ctx._, shown, unit))

    async def _override(self, ctx: Ctx, button: b.OverrideNow) -> None:
        await self._show(ctx, await drafts.override(ctx, ctx.actor, button.owner, button.row))

    async def _translate(self, ctx: Ctx, button: b.Translate) -> None:
        await self._show(ctx, await drafts.translation(ctx, ctx.actor, button.owner, button.row))

    async def _draft(self, ctx: Ctx, button: b.Draft) -> None:
        await self._show(ctx, await drafts.own(ctx.session, ctx.actor, button.draft))

    async def _change(self, ctx: Ctx, button: b.Change) -> None:
        await self._ask(ctx, await drafts.own(ctx.session, ctx.actor, button.draft), button.field)

    # What was sent

    async def _written(self, ctx: Ctx, writing: b.Writing) -> None:
        match writing.field:
            case Field.TITLE:
                await self._title_written(ctx, writing)
            case Field.PHRASINGS:
                await self._phrasings_written(ctx, writing)
            case _:
                await self._answer_written(ctx, writing)

    async def _title_written(self, ctx: Ctx, writing: b.Writing) -> None:
        if ctx.message.text is None:
            await ctx.reply(writing_texts.unfit(ctx._, writing.field))
            return
        draft = await drafts.set_title(ctx, ctx.actor, writing.draft, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(await self._screens.draft(ctx, draft))

    async def _phrasings_written(self, ctx: Ctx, writing: b.Writing) -> None:
        if ctx.message.text is None:
            await ctx.reply(writing_texts.unfit(ctx._, writing.field))
            return
        done = await drafts.add_phrasings(ctx, ctx.actor, writing.draft, ctx.message.text)
        await ctx.reply(writing_texts.phrased(ctx._, done))

    async def _answer_written(self, ctx: Ctx, writing: b.Writing) -> None:
        """A text, a picture or file, or both: a picture's caption is a text."""
        message = ctx.message
        sent = files.sent_in(message)
        text, entities = message.text, message.entities
        if writing.field is Field.BODY and sent is not None:
            text, entities = message.caption, message.caption_entities
        if sent is None and (text is None or writing.field is Field.FILES):
            await ctx.reply(writing_texts.unfit(ctx._, writing.field))
            return
        draft = await drafts.own(ctx.session, ctx.actor, writing.draft)
        if sent is not None:
            file = await ctx.outside("file", sent.fetched)
            draft = await drafts.add_file(ctx, ctx.actor, draft.id, file)
        if text is None or writing.field is Field.FILES:
            await self._acknowledge_file(ctx, draft, writing)
            return
        body = formatting.to_markup(text, entities)
        draft = await drafts.set_body(ctx, ctx.actor, draft.id, body, self._screens.library.facts)
        if writing.new:
            await self._expect(ctx, draft, Field.PHRASINGS, new=True)
            await ctx.reply(writing_texts.ask_phrasings(ctx._, draft))
            return
        await ctx.end_dialogue()
        await ctx.reply(await self._screens.draft(ctx, draft))

    async def _acknowledge_file(self, ctx: Ctx, draft: Draft, writing: b.Writing) -> None:
        group = ctx.message.media_group_id
        if group is not None:
            key = f"faq-album:{draft.id}:{group}"
            await ctx.out.send(ctx.chat.id, writing_texts.album(ctx._, draft.id), key=key)
            return
        note = None
        if writing.field is Field.BODY:
            note = (
                ctx._(N_("Added. Now the text of the answer, please."))
                if not draft.content.body
                else ctx._(N_("Added. The text stays as it is; to change it, just send it."))
            )
        await ctx.reply(writing_texts.files(ctx._, draft, note))

    # Phrasings and files

    async def _asks(self, ctx: Ctx, button: b.DraftAsks) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.end_dialogue()
        await ctx.replace(writing_texts.asks(ctx._, draft, button.page))

    async def _add_asks(self, ctx: Ctx, button: b.AddAsks) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await self._expect(ctx, draft, Field.PHRASINGS)
        await ctx.replace(writing_texts.ask_phrasings(ctx._, draft))

    async def _title_too(self, ctx: Ctx, button: b.TitleToo) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        done = await drafts.add_phrasings(ctx, ctx.actor, draft.id, draft.content.title)
        await self._expect(ctx, draft, Field.PHRASINGS)
        await ctx.replace(writing_texts.phrased(ctx._, done))

    async def _drop_ask(self, ctx: Ctx, button: b.DropAsk) -> None:
        draft, gone = await drafts.remove_phrasing(ctx, ctx.actor, button.draft, button.key)
        if gone is not None:
            ctx.answer(ctx._.plain(N_("“{text}” is gone."), text=gone))
        await ctx.replace(writing_texts.asks(ctx._, draft, button.page))

    async def _file_up(self, ctx: Ctx, button: b.FileUp) -> None:
        draft = await drafts.raise_file(ctx, ctx.actor, button.draft, button.key)
        await ctx.replace(writing_texts.files(ctx._, draft))

    async def _drop_file(self, ctx: Ctx, button: b.DropFile) -> None:
        draft = await drafts.remove_file(ctx, ctx.actor, button.draft, button.key)
        await ctx.replace(writing_texts.files(ctx._, draft))

    async def _files(self, ctx: Ctx, button: b.DraftFiles) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        back = words.back(ctx._, b.Change(draft.id, Field.FILES))
        await self._screens.show_files(ctx, draft.content, *back)

    # Place and audience

    async def _stages(self, ctx: Ctx, button: b.Stages) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.replace(writing_texts.stages(ctx._, draft, new=False))

    async def _set_stage(self, ctx: Ctx, button: b.SetStage) -> None:
        draft = await drafts.set_stage(ctx, ctx.actor, button.draft, button.stage)
        if button.next and not draft.content.body:
            await self._ask(ctx, draft, Field.BODY, new=True)
        else:
            await self._ask(ctx, draft, Field.SCOPE)

    async def _show_steps(self, ctx: Ctx, button: b.Steps) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.replace(writing_texts.steps(ctx._, draft, self._steps_for(draft)))

    async def _set_step(self, ctx: Ctx, button: b.SetStep) -> None:
        step = next((step for step in self._steps if drafts.key_of(step.id) == button.key), None)
        if step is None:
            raise Outdated
        draft = await drafts.toggle_step(ctx, ctx.actor, button.draft, step.id)
        await ctx.replace(writing_texts.steps(ctx._, draft, self._steps_for(draft)))

    async def _phones(self, ctx: Ctx, button: b.Phones) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.replace(writing_texts.phones(ctx._, draft))

    async def _set_phone(self, ctx: Ctx, button: b.SetPhone) -> None:
        draft = await drafts.toggle_phone(ctx, ctx.actor, button.draft, button.phone)
        await ctx.replace(writing_texts.phones(ctx._, draft))

    async def _set_audience(self, ctx: Ctx, button: b.SetAudience) -> None:
        draft = await drafts.set_audience(ctx, ctx.actor, button.draft, button.audience)
        await self._ask(ctx, draft, Field.SCOPE)

    async def _set_handover(self, ctx: Ctx, button: b.SetHandover) -> None:
        draft = await drafts.set_handover(ctx, ctx.actor, button.draft, button.handover)
        await self._ask(ctx, draft, Field.SCOPE)

    # Leaving

    async def _preview(self, ctx: Ctx, button: b.PreviewDraft) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await self._screens.preview(ctx, draft.content, *words.back(ctx._, b.Draft(draft.id)))

    async def _later(self, ctx: Ctx, button: b.Later) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.end_dialogue()
        await ctx.replace(writing_texts.kept(ctx._, draft))

    async def _ask_throw_away(self, ctx: Ctx, button: b.ThrowAway) -> None:
        draft = await drafts.own(ctx.session, ctx.actor, button.draft)
        await ctx.replace(writing_texts.ask_throw_away(ctx._, draft))

    async def _throw_away(self, ctx: Ctx, button: b.ThrowAwayNow) -> None:
        draft = await drafts.throw_away(ctx, ctx.actor, button.draft)
        await ctx.end_dialogue()
        await ctx.replace(writing_texts.thrown_away(ctx._, draft))

    # How

    async def _show(self, ctx: Ctx, draft: Draft) -> None:
        await ctx.end_dialogue()
        await ctx.replace(await self._screens.draft(ctx, draft))

    async def _ask(self, ctx: Ctx, draft: Draft, field: Field, *, new: bool = False) -> None:
        """Shows the screen on which a field is changed, and awaits what is to be sent."""
        await ctx.end_dialogue()
        match field:
            case Field.TITLE:
                await self._expect(ctx, draft, field)
                entry = draft.content
                await ctx.replace(self._ask_title(ctx, b.Draft(draft.id), entry.language, entry.title))
            case Field.BODY:
                await self._expect(ctx, draft, field, new=new)
                await ctx.replace(writing_texts.ask_body(ctx._, draft.id, self._facts_in(draft)))
                if draft.content.body:
                    for message in writing_texts.to_copy(ctx._, draft.content.body):
                        await ctx.reply(message)
            case Field.PHRASINGS:
                await ctx.replace(writing_texts.asks(ctx._, draft, 0))
            case Field.FILES:
                await self._expect(ctx, draft, field)
                await ctx.replace(writing_texts.files(ctx._, draft))
            case Field.SCOPE:
                await ctx.replace(writing_texts.scope(ctx._, draft, len(self._steps_for(draft))))

    @staticmethod
    async def _expect(ctx: Ctx, draft: Draft, field: Field, *, new: bool = False) -> None:
        await ctx.expect(b.Writing(draft.id, field, new))

    @staticmethod
    def _ask_title(ctx: Ctx, back: Button, language: str, now: str = "") -> Message:
        return writing_texts.ask_title(ctx._, back, drafts.title_limit(language), now)

    def _facts_in(self, draft: Draft) -> dict[str, str]:
        """The facts that the present answer uses, with what stands in their place."""
        values = self._screens.library.facts.of(draft.content.language)
        names = sorted(markup.facts_in(draft.content.body))
        return {name: values[name] for name in names if name in values}

    def _steps_for(self, draft: Draft) -> Sequence[Step]:
        """The cards of the entry's stage, and those it is offered on already, each once, in the entry's language."""
        entry = draft.content
        found: dict[str, Step] = {}
        for step in self._steps:
            if step.stage is entry.stage or step.id in entry.steps:
                known = found.setdefault(step.id, step)
                if known.language != entry.language == step.language:
                    found[step.id] = step
        return list(found.values())
