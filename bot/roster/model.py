"""The roster's words: units, members, posts, and the person behind an update."""

import dataclasses
import enum


class UnitKind(enum.StrEnum):
    COMMITTEE = "committee"
    GENERAL = "general"
    BRANCH = "branch"


class Role(enum.StrEnum):
    """A post in a unit."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    HELPER = "helper"
    GENERAL = "general"
    ADMIN = "admin"


BRANCH_ROLES = frozenset({Role.SECRETARY, Role.DEPUTY, Role.HELPER})


class Status(enum.StrEnum):
    FULL = "full"
    PROBATIONARY = "probationary"


class Category(enum.StrEnum):
    """How a member's dues are reckoned (design section 4)."""

    EMPLOYED = "employed"
    RETIRED = "retired"
    STUDENT = "student"
    FARMER = "farmer"
    LAID_OFF = "laid_off"
    OTHER = "other"


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    id: int
    name: str
    kind: UnitKind
    parent_id: int | None
    join_token: str
    """What the unit's deep link carries (`/start <token>`)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    id: int
    name: str
    branch_id: int
    employee_no: str | None
    status: Status
    category: Category
    monthly_dues: int | None
    """In fen; None when not known."""
    left_at: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Post:
    unit_id: int
    role: Role


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """The person behind an update: a Telegram account, the member it is bound to, and the posts that member holds."""

    account_id: int
    language: str
    member: Member | None = None
    posts: tuple[Post, ...] = ()

    def holds(self, unit_id: int, roles: frozenset[Role] = BRANCH_ROLES) -> bool:
        return any(post.unit_id == unit_id and post.role in roles for post in self.posts)

    @property
    def is_staff(self) -> bool:
        return bool(self.posts)

    def units(self, *roles: Role) -> tuple[int, ...]:
        """The units in which the person holds one of these posts."""
        return tuple(dict.fromkeys(post.unit_id for post in self.posts if post.role in roles))


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """A Telegram user who has started the bot."""

    id: int
    member_id: int | None
    language: str | None
    display_name: str
    """As Telegram gives it; kept only while the account is unbound."""
    invited_to: int | None
    """The unit whose deep link brought this person."""
    bound_at: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member with the account they can be written to, if they have one."""

    member: Member
    account_id: int | None
    language: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Staff:
    """A person and the post by which they are asked."""

    person: Person
    post: Post
