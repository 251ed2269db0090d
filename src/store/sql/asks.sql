-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: ask_put
INSERT INTO ask (id, home, item, claim, who, at_ms, value, round)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: ask_drop
DELETE FROM ask WHERE id = $1;

-- name: answers_drop
DELETE FROM answer WHERE ask = $1;

-- name: answer_put
INSERT INTO answer (claim, ask, seq, who, at_ms, kind, media, for_person, value)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- A question is told where its picture is, and without its words while its asker rests (store/asks.c).
-- name: ask_get
SELECT {ask} FROM ask k JOIN item ON item.id = k.item
WHERE k.home = $1 AND k.id = $2 AND item.trashed_ms = 0 AND {open};

-- name: asks_of_item
SELECT {ask} FROM ask k JOIN item ON item.id = k.item
WHERE k.home = $1 AND k.item = $2 AND item.trashed_ms = 0 AND {open}
ORDER BY k.at_ms, k.id LIMIT $5;

-- $2: 0 those without an answer, 1 those with one, else all; those that have no words now are not listed.
-- name: asks_of_home
SELECT {ask} FROM ask k JOIN item ON item.id = k.item
WHERE k.home = $1 AND item.trashed_ms = 0 AND {open} AND NOT {asker_rests}
  AND ($2 > 1 OR $2 = (CASE WHEN EXISTS (SELECT 1 FROM answer a LEFT JOIN item ON item.id = a.media
    WHERE a.ask = k.id AND {told}) THEN 1 ELSE 0 END))
ORDER BY k.at_ms DESC, k.id DESC LIMIT $5;

-- Of one round, the latest first.
-- name: asks_of_round
SELECT {ask} FROM ask k JOIN item ON item.id = k.item
WHERE k.home = $1 AND k.round = $2 AND k.round <> '' AND item.trashed_ms = 0 AND {open}
ORDER BY k.at_ms DESC, k.id DESC LIMIT $5;

-- An answer is told where its recording is, and one for a person only to them and to who said it.
-- name: answers_of
SELECT a.claim, a.who, a.at_ms, a.kind, a.media, a.for_person, a.value, coalesce(item.mime, ''),
  coalesce(item.duration_ms, 0)
FROM ask k JOIN answer a ON a.ask = k.id LEFT JOIN item ON item.id = a.media
WHERE k.home = $1 AND k.id = $2 AND {told}
ORDER BY a.seq;

-- What was asked about an item, and answered in words to everybody: for the search.
-- name: ask_words
SELECT k.value, k.at_ms FROM ask k WHERE k.item = $1 AND NOT {asker_rests}
UNION ALL
SELECT a.value, a.at_ms FROM answer a JOIN ask k ON k.id = a.ask
WHERE k.item = $1 AND a.media = '' AND a.for_person = '' AND NOT {answerer_rests}
ORDER BY at_ms;

-- Every question about an item, whatever rests: for forgetting.
-- name: ask_ids_of_item
SELECT id FROM ask WHERE item = $1;
