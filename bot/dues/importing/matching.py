"""Whose payment a row is. No I/O."""

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping

from bot.dues.importing.lines import Line


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the roster, as a payment may name them."""

    member_id: int
    name: str
    employee_no: str | None
    phone_hash: str | None
    branch_id: int
    has_left: bool


class Miss(enum.StrEnum):
    """Why a row is not taken."""

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    """Several people have this name."""
    OTHER_NAME = "other_name"
    """The employee number or phone is that of somebody with another name."""
    CHANGED = "changed"
    """The same reference is there already with another amount."""
    OTHER_PERSON = "other_person"
    """The same reference is there already for somebody else."""
    NOT_THEIRS = "not_theirs"
    """It is about a member of another branch than those the importing person looks after."""


class Directory:
    """Those of the roster whom some rows may be about. `branches`: the ids of the branches by `plain` name."""

    def __init__(self, people: Iterable[Known], branches: Mapping[str, Collection[int]]) -> None:
        self._branches = branches
        self._by_number: dict[str, Known] = {}
        self._by_phone: dict[str, Known] = {}
        self._by_name: dict[str, dict[int, Known]] = {}
        for person in people:
            if person.employee_no is not None:
                self._by_number[person.employee_no] = person
            if person.phone_hash is not None:
                self._by_phone[person.phone_hash] = person
            if not person.has_left:
                self._by_name.setdefault(plain(person.name), {})[person.member_id] = person

    def look_up(self, line: Line, own: Collection[int] | None) -> Known | Miss:
        """By employee number, else by phone, else by name if only one has it and nothing speaks against it: in the
        branch that the row names, else in those of the importing person (`own`), else on the whole roster.
        """
        found = self._by_number.get(line.employee_no) or self._by_phone.get(line.phone_hash)
        if found is not None:
            same_name = not line.name or plain(line.name) == plain(found.name)
            return found if same_name else Miss.OTHER_NAME
        fitting = [
            person for person in self._by_name.get(plain(line.name), {}).values() if _may_be(person, line)
        ]
        if line.branch:
            named = self._branches.get(plain(line.branch), ())
            fitting = [person for person in fitting if person.branch_id in named]
        elif own is not None:
            fitting = [person for person in fitting if person.branch_id in own] or fitting
        if len(fitting) > 1:
            return Miss.AMBIGUOUS
        return fitting[0] if fitting else Miss.UNKNOWN


def plain(name: str) -> str:
    """A name without what people write in one place and leave out in another. SQL says the same in `store`."""
    return name.replace(" ", "").replace("·", "").lower()


def _may_be(person: Known, line: Line) -> bool:
    """Whether neither number nor phone says that it is somebody else of that name. Spreadsheets eat leading zeros."""
    other_number = (
        line.employee_no
        and person.employee_no is not None
        and line.employee_no.lstrip("0") != person.employee_no.lstrip("0")
    )
    return not other_number and not (line.phone_hash and person.phone_hash is not None)
