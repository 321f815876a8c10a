"""What can be published: states that the public sees, and states of work on it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model


class Publication(StrEnum):
    """Whether the public sees something."""

    UNPUBLISHED = "unpublished"
    """It never was published. Nobody but staff knows of it."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """It was published and no longer is (撤下)."""

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return {"unpublished": "未发布", "published": "已发布", "withdrawn": "已撤下"}[self.value]


class VersionState(StrEnum):
    """How far one version has come (拟稿、保密审查、发布、撤下)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    """Submitted for the secrecy check by a second person (保密审查)."""
    SCHEDULED = "scheduled"
    """Passed the check. It appears at its time (定时发布)."""
    PUBLISHED = "published"
    REPLACED = "replaced"
    """A later version took its place (替换)."""
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"
    """Given up before it was ever published."""

    def can_become(self, following: VersionState) -> bool:
        """Return whether work may go on to another state."""
        return following in _FOLLOWING[self]

    @property
    def is_open(self) -> bool:
        """Whether work on it goes on."""
        return self in {VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.SCHEDULED}

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return _LABELS[self]


_FOLLOWING = {
    VersionState.DRAFT: {VersionState.IN_REVIEW, VersionState.ABANDONED},
    VersionState.IN_REVIEW: {
        VersionState.DRAFT,
        VersionState.SCHEDULED,
        VersionState.PUBLISHED,
        VersionState.ABANDONED,
    },
    VersionState.SCHEDULED: {
        VersionState.DRAFT,
        VersionState.PUBLISHED,
        VersionState.ABANDONED,
    },
    VersionState.PUBLISHED: {VersionState.REPLACED, VersionState.WITHDRAWN},
    VersionState.REPLACED: set[VersionState](),
    VersionState.WITHDRAWN: set[VersionState](),
    VersionState.ABANDONED: set[VersionState](),
}
_LABELS = {
    VersionState.DRAFT: "拟稿",
    VersionState.IN_REVIEW: "待保密审查",
    VersionState.SCHEDULED: "待定时发布",
    VersionState.PUBLISHED: "已发布",
    VersionState.REPLACED: "已替换",
    VersionState.WITHDRAWN: "已撤下",
    VersionState.ABANDONED: "已放弃",
}


class Publishable(Model):
    """The columns that documents and question entries share."""

    publication = fields.CharEnumField(
        Publication, max_length=20, default=Publication.PUBLISHED, db_index=True
    )
    open_state: fields.Field[VersionState | None] = fields.CharEnumField(  # type: ignore[assignment]
        VersionState, max_length=20, null=True, db_index=True
    )
    """The state of the version that is worked on, None where nobody works on any."""
    published_version = fields.IntField(null=True)
    """The number of the version that the public sees or saw last."""
    venue: Any = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The zone that keeps it. It is found there and in the zones below, None is found everywhere."""
    venue_id: int | None
    responsible_agency: Any = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The agency whose officers work on it, None where only the zone's staff do."""
    responsible_agency_id: int | None

    class Meta:
        abstract = True
