"""What the application keeps: drafts and their versions, and the documents that go with them; no money."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from perdiem_calc.web.answers import Draft

KEPT_VERSIONS = 50
KEPT_DELETED = timedelta(days=30)


class Conflict(Exception):
    """The draft was saved somewhere else since the page was shown."""


class Member(models.Model):
    """What a user of an office server is: the role, and the agency that a preparer prepares for.

    A session begun with an earlier `generation` has ended.
    """

    user: models.OneToOneField[Any, Any] = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member"
    )
    role: models.CharField[Any, Any] = models.CharField(max_length=20)
    agency: models.CharField[Any, Any] = models.CharField(max_length=200, blank=True)
    generation: models.PositiveIntegerField[Any, Any] = models.PositiveIntegerField(default=0)


class Preparation(models.Model):
    """A claim in preparation: a claim's JSON that need not be valid, and how far it has come."""

    owner: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preparations"
    )
    content: models.JSONField[Any, Any] = models.JSONField(default=dict)
    version: models.PositiveIntegerField[Any, Any] = models.PositiveIntegerField(default=1)
    created_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)
    saved_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)
    sent_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)
    withdrawn_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)
    deleted_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)
    corrects: models.ForeignKey[Any, Any] = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="corrections"
    )

    class Meta:
        """The last saved first."""

        ordering = ("-saved_at", "-pk")

    @property
    def draft(self) -> Draft:
        """Its content."""
        return dict(self.content)

    @property
    def is_sent(self) -> bool:
        """Whether it was sent, and is read-only."""
        return self.sent_at is not None

    def save_draft(self, draft: Draft, version: int, page: str, *, sent_at: datetime | None = None) -> None:
        """Save a new version. Raises Conflict where `version` is not the current one, or the claim was sent.

        What is already there is not saved again.
        """
        with transaction.atomic():
            current = Preparation.objects.select_for_update().get(pk=self.pk)
            is_same = current.content == draft and sent_at is None
            if current.is_sent or (current.version != version and not is_same):
                raise Conflict
            if not is_same:
                current.content, current.version, current.saved_at = draft, version + 1, timezone.now()
                current.sent_at = sent_at
                current.save()
                current.keep(page)
        self.content, self.version, self.sent_at = current.content, current.version, current.sent_at

    def keep(self, page: str) -> None:
        """Keep its content as a version; the oldest beyond so many are forgotten."""
        Version.objects.create(preparation=self, number=self.version, content=self.content, page=page)
        Version.objects.filter(preparation=self, number__lte=self.version - KEPT_VERSIONS).delete()


class Version(models.Model):
    """A draft as it was once saved, and the page that saved it."""

    preparation: models.ForeignKey[Any, Any] = models.ForeignKey(
        Preparation, on_delete=models.CASCADE, related_name="versions"
    )
    number: models.PositiveIntegerField[Any, Any] = models.PositiveIntegerField()
    content: models.JSONField[Any, Any] = models.JSONField()
    page: models.CharField[Any, Any] = models.CharField(max_length=60)
    saved_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("preparation", "number"), name="one_of_each_version"),)


class Document(models.Model):
    """A document attached to an item of the checklist; its file is kept, and never opened."""

    preparation: models.ForeignKey[Any, Any] = models.ForeignKey(
        Preparation, on_delete=models.CASCADE, related_name="documents"
    )
    item: models.CharField[Any, Any] = models.CharField(max_length=40)
    name: models.CharField[Any, Any] = models.CharField(max_length=200)
    kind: models.CharField[Any, Any] = models.CharField(max_length=40)
    size: models.PositiveIntegerField[Any, Any] = models.PositiveIntegerField()
    file: models.CharField[Any, Any] = models.CharField(max_length=40, unique=True)
    added_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)

    class Meta:
        """In the order in which they came."""

        ordering = ("pk",)


class Reading(models.Model):
    """What was read from a file that a person gave, until that person says what to do with it."""

    owner: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings"
    )
    source: models.CharField[Any, Any] = models.CharField(max_length=200)
    content: models.JSONField[Any, Any] = models.JSONField()
    read_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)

    class Meta:
        """The newest first."""

        ordering = ("-pk",)


class Arrival(models.Model):
    """What was put into the inbox at once, and what was found in it; None until it was read."""

    by: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="arrivals"
    )
    folder: models.CharField[Any, Any] = models.CharField(max_length=40, unique=True)
    names: models.JSONField[Any, Any] = models.JSONField(default=dict)
    found: models.JSONField[Any, Any] = models.JSONField(null=True)
    arrived_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)

    class Meta:
        """The newest first."""

        ordering = ("-pk",)


class Submission(models.Model):
    """A claim that was sent, as it came: its file never changes. What was decided on it is asked of the ledger.

    `content` is the digest of the claim in it, by which the ledger knows it; empty where nothing can be computed.
    `sent_back_at` is of a claim that went back without an entry in the ledger, since it cannot be computed.
    `decisions` are what a reviewer has typed so far, `seen` what was on the page then.
    """

    arrival: models.ForeignKey[Any, Any] = models.ForeignKey(
        Arrival, null=True, on_delete=models.SET_NULL, related_name="submissions"
    )
    preparation: models.OneToOneField[Any, Any] = models.OneToOneField(
        Preparation, null=True, on_delete=models.SET_NULL, related_name="submission"
    )
    file: models.CharField[Any, Any] = models.CharField(max_length=120, unique=True)
    sha256: models.CharField[Any, Any] = models.CharField(max_length=64, unique=True)
    content: models.CharField[Any, Any] = models.CharField(max_length=64, blank=True, db_index=True)
    source: models.CharField[Any, Any] = models.CharField(max_length=400)
    claim_id: models.CharField[Any, Any] = models.CharField(max_length=80, blank=True)
    agency: models.CharField[Any, Any] = models.CharField(max_length=200, blank=True)
    sender: models.CharField[Any, Any] = models.CharField(max_length=200, blank=True)
    received_on: models.DateField[Any, Any] = models.DateField(null=True)
    message_id: models.CharField[Any, Any] = models.CharField(max_length=300, blank=True)
    documents: models.JSONField[Any, Any] = models.JSONField(default=list)
    same: models.JSONField[Any, Any] = models.JSONField(default=list)
    arrived_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=timezone.now)
    taken_by: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="taken"
    )
    version: models.PositiveIntegerField[Any, Any] = models.PositiveIntegerField(default=1)
    decisions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    seen: models.JSONField[Any, Any] = models.JSONField(default=dict)
    sent_back_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)
    sent_back_by: models.CharField[Any, Any] = models.CharField(max_length=150, blank=True)
    if TYPE_CHECKING:
        taken_by_id: int | None
        preparation_id: int | None

    class Meta:
        """In the order in which they came."""

        ordering = ("pk",)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its agency took it back."""
        return self.preparation is not None and self.preparation.withdrawn_at is not None

    def keep(self, version: int, **values: Any) -> None:
        """Change something, if nothing was changed since `version`. Raises Conflict."""
        values["version"] = version + 1
        if not Submission.objects.filter(pk=self.pk, version=version).update(**values):
            raise Conflict
        self.refresh_from_db()
