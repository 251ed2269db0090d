-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Questions about pictures, and what was answered. Index: made from claims (archive/asks.c).
CREATE TABLE ask (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, item TEXT NOT NULL, claim TEXT NOT NULL,
  who TEXT NOT NULL, at_ms {int} NOT NULL, value TEXT NOT NULL
) {strict};
CREATE INDEX ask_item ON ask (item, at_ms);
CREATE INDEX ask_home ON ask (home, at_ms DESC, id DESC);

CREATE TABLE answer (
  claim TEXT PRIMARY KEY, ask TEXT NOT NULL, seq {int} NOT NULL, who TEXT NOT NULL,
  at_ms {int} NOT NULL, kind TEXT NOT NULL, media TEXT NOT NULL, for_person TEXT NOT NULL,
  value TEXT NOT NULL
) {strict};
CREATE INDEX answer_ask ON answer (ask, seq);
