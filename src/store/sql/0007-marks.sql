-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Things that are marked in pictures. Index: made from claims (archive/marks.c).
CREATE TABLE mark (
  claim TEXT PRIMARY KEY, home TEXT NOT NULL, item TEXT NOT NULL,
  name TEXT NOT NULL, thing TEXT NOT NULL, card TEXT NOT NULL,
  date_from {int} NOT NULL, date_to {int} NOT NULL, value TEXT NOT NULL
) {strict};
CREATE INDEX mark_item ON mark (item);
CREATE INDEX mark_name ON mark (home, name, date_from);
CREATE INDEX mark_card ON mark (home, card, date_from);
