"""An entry as one text, for history and drafts."""

import dataclasses
import json

from bot.faq.model import Attachment, Audience, Entry, HandOver, Kind, MediaKind, Phone, Stage


def write(entry: Entry) -> str:
    """`read` gives the same entry again."""
    return json.dumps(dataclasses.asdict(entry), ensure_ascii=False, sort_keys=True)


def read(text: str) -> Entry:
    fields = json.loads(text)
    return Entry(
        id=fields["id"],
        language=fields["language"],
        title=fields["title"],
        body=fields["body"],
        phrasings=tuple(fields["phrasings"]),
        kind=Kind(fields["kind"]),
        stage=None if fields["stage"] is None else Stage(fields["stage"]),
        steps=tuple(fields["steps"]),
        phones=tuple(map(Phone, fields["phones"])),
        audience=Audience(fields["audience"]),
        source=fields["source"],
        handover=HandOver(fields["handover"]),
        media=media(fields["media"]),
    )


def write_media(media: tuple[Attachment, ...]) -> str:
    return json.dumps([dataclasses.asdict(each) for each in media], ensure_ascii=False)


def media(fields: list[dict[str, str]]) -> tuple[Attachment, ...]:
    return tuple(Attachment(MediaKind(each["kind"]), each["digest"], each["name"]) for each in fields)
