-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Sittings: how long, with whom, how it went. Neither truth nor index: a home's own book, without
-- a word of what was looked at (care/sittings.h). Rebuild leaves it alone.
CREATE TABLE sitting (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, person TEXT NOT NULL, company TEXT NOT NULL,
  seed {int} NOT NULL, logged {int} NOT NULL,
  began_ms {int} NOT NULL, seen_ms {int} NOT NULL, ended_ms {int} NOT NULL,
  kept {int} NOT NULL, good {int} NOT NULL, quiet {int} NOT NULL, unhappy {int} NOT NULL
) {strict};
CREATE INDEX sitting_home ON sitting (home, began_ms);
