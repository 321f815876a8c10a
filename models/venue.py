"""A government-openness zone (政务公开专区) in a hall, an archive, a library or a village."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency

ZONE_NAME = "政务公开专区"
"""What every zone is called, whatever the house it is in.

Source: 渝府办发〔2021〕100号, unified name.
"""

VENUE_CODE = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
"""What a zone's code looks like. It stands in addresses and on printed codes."""


class Area(StrEnum):
    """A functional area of a zone (功能区)."""

    SEARCH = "search"
    READING = "reading"
    APPLICATIONS = "applications"
    ADVICE = "advice"

    @property
    def label(self) -> str:
        """What signs and pages call it."""
        return {
            "search": "自助查询区",
            "reading": "资料阅览区",
            "applications": "申请接收区",
            "advice": "政策咨询区",
        }[self.value]


class VenueType(StrEnum):
    """What kind of house a zone is in."""

    SERVICE_HALL = "service_hall"
    ARCHIVE = "archive"
    LIBRARY = "library"
    VILLAGE_STATION = "village_station"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "service_hall": "政务服务场所",
            "archive": "国家档案馆",
            "library": "公共图书馆",
            "village_station": "村（居）便民服务站",
        }[self.value]

    @property
    def required_areas(self) -> frozenset[Area]:
        """The areas that every zone of this type has.

        Source: 渝府办发〔2021〕100号: four in service halls, two in archives and libraries.
        """
        both = frozenset({Area.SEARCH, Area.READING})
        return frozenset(Area) if self is VenueType.SERVICE_HALL else both

    @property
    def optional_areas(self) -> frozenset[Area]:
        """The areas that a zone of this type may have besides, where conditions allow."""
        if self is VenueType.VILLAGE_STATION:
            return frozenset({Area.APPLICATIONS, Area.ADVICE})
        return frozenset()


class VenueLevel(StrEnum):
    """The tier of government that a zone belongs to."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"city": "市级", "district": "区县级", "town": "乡镇街道级", "village": "村居级"}[
            self.value
        ]


class Venue(Model):
    """One zone. Its name is always ZONE_NAME, its place is what tells it from others."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    """As VENUE_CODE has it. It never changes."""
    place = fields.CharField(max_length=200)
    """The house it is in: 江北区政务服务中心."""
    type = fields.CharEnumField(VenueType, max_length=20)
    level = fields.CharEnumField(VenueLevel, max_length=20)
    parent: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name="children", on_delete=fields.RESTRICT, null=True
    )
    parent_id: int | None
    extra_areas: fields.Field[list[str]] = fields.JSONField(default=list)
    """Values of Area that a village station has besides the required ones."""
    address = fields.CharField(max_length=300, default="")
    phone = fields.CharField(max_length=60, default="")
    directions = fields.TextField(default="")
    """How to get there, in words that can be read aloud."""
    hours: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    """Opening hours, in the shape that services.opening_hours reads and writes."""
    is_open_to_public = fields.BooleanField(default=True)
    """False for a zone that has been given up. Its records stay."""
    accepts_for: fields.ManyToManyRelation[Agency] = fields.ManyToManyField(
        "models.Agency", related_name="accepted_at", through="venue_accepts_for"
    )
    """The agencies that it takes applications and questions for."""
    edits = fields.IntField(default=0)

    class Meta:
        table = "venue"
        ordering: list[Any] = ["id"]

    @property
    def areas(self) -> frozenset[Area]:
        """The functional areas that this zone has."""
        chosen = frozenset(Area(value) for value in self.extra_areas)
        return self.type.required_areas | (chosen & self.type.optional_areas)

    @property
    def title(self) -> str:
        """Its name with its place, for headings."""
        return f"{self.place}{ZONE_NAME}"


class Closure(Model):
    """Days on which a zone is shut outside its usual hours, announced ahead (临时闭馆公告)."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name="closures", on_delete=fields.CASCADE
    )
    venue_id: int
    first_day = fields.DateField()
    last_day = fields.DateField()
    reason = fields.CharField(max_length=200)
    announced_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "closure"
        ordering: list[Any] = ["first_day"]
