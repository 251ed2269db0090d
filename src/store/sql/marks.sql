-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: mark_put
INSERT INTO mark (claim, home, item, name, thing, card, date_from, date_to, value)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: marks_drop
DELETE FROM mark WHERE item = $1;

-- Also those of a stack's hidden pictures; none of what lies in the trash.
-- name: marks_of_name
SELECT m.claim, m.item, m.name, m.thing, m.card, m.date_from, m.date_to, m.value
FROM mark m JOIN item ON item.id = m.item
WHERE m.home = $1 AND m.name = $2 AND item.trashed_ms = 0 AND {open}
ORDER BY m.date_from, m.claim LIMIT $3;

-- name: marks_of_card
SELECT m.claim, m.item, m.name, m.thing, m.card, m.date_from, m.date_to, m.value
FROM mark m JOIN item ON item.id = m.item
WHERE m.home = $1 AND m.card = $2 AND item.trashed_ms = 0 AND {open}
ORDER BY m.date_from, m.claim LIMIT $3;

-- name: mark_get
SELECT m.claim, m.item, m.name, m.thing, m.card, m.date_from, m.date_to, m.value
FROM mark m JOIN item ON item.id = m.item
WHERE m.home = $1 AND m.claim = $2 AND item.trashed_ms = 0 AND {open};

-- Things of one card count as one.
-- name: marked_things
SELECT min(m.thing), m.card, count(DISTINCT m.item), min(m.date_from),
  coalesce(max(CASE WHEN m.date_to < 100000000 THEN m.date_to END), 100000000)
FROM mark m JOIN item ON item.id = m.item
WHERE m.home = $1 AND item.trashed_ms = 0 AND {open}
GROUP BY m.card, CASE WHEN m.card = '' THEN m.name ELSE '' END
ORDER BY 3 DESC, 1 LIMIT $2;
