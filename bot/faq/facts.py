"""What the texts call `{name}`: an organisation's own words, over defaults that are true of any."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.faq import frontmatter
from bot.faq.frontmatter import Unreadable
from bot.faq.model import DEFAULT_LANGUAGE, LANGUAGES
from bot.kit.errors import Refusal

UNSET = ""
"""The value of a fact that nobody has set and that has no default: lines that refer to it are left out."""


class FactsDiffer(Refusal):
    """{file}, line {line}: “{name}” has another default in another facts file. Please keep one of them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """By name, for each language of the content."""

    by_language: Mapping[str, Mapping[str, str]]

    def of(self, language: str) -> Mapping[str, str]:
        return self.by_language[language]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.by_language[DEFAULT_LANGUAGE])


def read(folder: Path, own: Mapping[str, str] | None = None) -> Facts:
    """The defaults of `folder/facts*.yaml` with an organisation's own values over them, which stand in every language. A
    value nobody asks for is kept: it may be for a text not yet written. `FactsDiffer` when two files disagree.
    """
    defaults: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("facts*.yaml")):
        for key, node in frontmatter.compose(path.name, frontmatter.text_of(path)).value:
            name, line = str(key.value), key.start_mark.line + 1
            found = _defaults(path.name, node, line)
            if defaults.setdefault(name, found) != found:
                raise FactsDiffer(file=path.name, line=line, name=name)
    return Facts(
        {
            language: {name: values[language] for name, values in defaults.items()} | dict(own or {})
            for language in LANGUAGES
        }
    )


def read_own(path: Path) -> Mapping[str, str]:
    """An organisation's own facts: a YAML file of `name: value` lines."""
    fields = frontmatter.fields(path.name, frontmatter.text_of(path))
    document = frontmatter.Document(path.name, fields, "")
    return {name: document.text(name, UNSET) for name in document.fields}


def _defaults(file: str, node: yaml.Node, line: int) -> Mapping[str, str]:
    """A fact's default in each language: `default`, and where there is one `default_en`."""
    if isinstance(node, yaml.ScalarNode):
        return dict.fromkeys(LANGUAGES, str(node.value))
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable(file=file, line=line)
    values = {
        str(key.value): str(value.value) for key, value in node.value if isinstance(value, yaml.ScalarNode)
    }
    if "default" not in values:
        raise Unreadable(file=file, line=line)
    return {language: values.get(f"default_{language}", values["default"]) for language in LANGUAGES}
