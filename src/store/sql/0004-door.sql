-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who may enter. Neither truth nor index: the house's own book, which a rebuild leaves alone.
CREATE TABLE account (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  role TEXT NOT NULL, person TEXT NOT NULL, password TEXT NOT NULL, made_ms {int} NOT NULL,
  ended_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX account_name ON account (folded) WHERE ended_ms = 0;
CREATE INDEX account_home ON account (home, made_ms);

CREATE TABLE invitation (
  id TEXT PRIMARY KEY, mark {blob} NOT NULL UNIQUE, home TEXT NOT NULL, role TEXT NOT NULL,
  person TEXT NOT NULL, label TEXT NOT NULL, about TEXT NOT NULL, made_by TEXT NOT NULL,
  made_ms {int} NOT NULL, until_ms {int} NOT NULL, ended_ms {int} NOT NULL, used {int} NOT NULL
) {strict};
CREATE INDEX invitation_home ON invitation (home, made_ms);

CREATE TABLE session (
  id TEXT PRIMARY KEY, mark {blob} NOT NULL UNIQUE, home TEXT NOT NULL, account TEXT NOT NULL,
  invitation TEXT NOT NULL, label TEXT NOT NULL, made_ms {int} NOT NULL, seen_ms {int} NOT NULL,
  until_ms {int} NOT NULL
) {strict};
CREATE INDEX session_home ON session (home, seen_ms);
CREATE INDEX session_until ON session (until_ms);
