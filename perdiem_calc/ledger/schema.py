"""The ledger's tables as queries name them. How the database keeps them stands in `migrations`."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()


def _table(name: str, texts: str, numbers: str = "") -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True),
        *[sa.Column(column, sa.BigInteger) for column in numbers.split()],
        *[sa.Column(column, sa.Text) for column in [*texts.split(), "recorded_at", "recorded_by"]],
    )


ledger_version = _table("ledger_version", "program", "version")
cap_limit = _table("cap_limit", "effective_from citation", "limit_cents")
award = _table("award", "number award_key")
sro = _table("sro", "officer name_key surname", "award_id")
sro_alias = _table("sro_alias", "award_number award_key officer name_key", "sro_id")
sro_agency = _table("sro_agency", "agency_key employee_key", "sro_id")
sro_apart = _table("sro_apart", "", "sro_id other_id")
claim = _table(
    "claim",
    "claim_id claim_key kind replaces "
    "content_sha256 content agency course_title course_starts_on course_ends_on class_id "
    "departed_on returned_on program",
    "sro_id replaces_id claimed_cents allowable_cents",
)
fingerprint = _table("fingerprint", "kind value vendor lines happened_on", "claim_id amount_cents")
decision = _table("decision", "check_id place verdict reason", "claim_id amount_cents")
payment = _table("payment", "kind counted_on paid_on reference", "sro_id claim_id amount_cents")
roster = _table("roster", "content_sha256 name")
roster_entry = _table("roster_entry", "award_number award_key officer name_key agency", "roster_id")
