-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Acts over many items. Truth: claim.act, the act by which a claim was made ('' for one said alone).
-- Index: the rest, made from claims (archive/shown.c, archive/albums.c).
ALTER TABLE claim ADD COLUMN act TEXT NOT NULL DEFAULT '';
CREATE INDEX claim_act ON claim (home, act, seq) WHERE act <> '';
CREATE INDEX claim_retracts ON claim (retracts) WHERE retracts <> '';

-- Out of sight, but not in the trash. item.visible is 1 on the line of time, 2 among the hidden,
-- else 0; tally.trashed is 1 for the trash, 2 for what is hidden.
ALTER TABLE item ADD COLUMN hidden {int} NOT NULL DEFAULT 0;

CREATE TABLE album (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, title TEXT NOT NULL, sort TEXT NOT NULL, made_ms {int} NOT NULL
) {strict};
CREATE INDEX album_sort ON album (home, sort, id);

-- Who is in it, by what the items say; and where, by the last word about the order.
CREATE TABLE album_item (
  item TEXT NOT NULL, album TEXT NOT NULL, seq {int} NOT NULL, PRIMARY KEY (item, album)
) {strict};
CREATE INDEX album_item_album ON album_item (album, seq);
CREATE TABLE album_place (
  album TEXT NOT NULL, item TEXT NOT NULL, place {int} NOT NULL, PRIMARY KEY (album, item)
) {strict};
CREATE INDEX album_place_item ON album_place (item);
