-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A question may be one of a round between two places (archive/rounds.h).
ALTER TABLE ask ADD COLUMN round TEXT NOT NULL DEFAULT '';
CREATE INDEX ask_round ON ask (round, at_ms) WHERE round <> '';
