-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: region_put
INSERT INTO region (claim, home, item, kind, name, x, y, w, h, pixels, person)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: regions_drop
DELETE FROM region WHERE item = $1;

-- The picture brought in last comes first, and its frames together.
-- name: regions_open
SELECT r.claim, r.item, r.kind, r.name, r.x, r.y, r.w, r.h, r.pixels, r.person
FROM region r JOIN item ON item.id = r.item
WHERE r.home = $1 AND r.person = '' AND r.kind = 'face' AND {seen}
  AND (r.item, r.claim) < ($2, $3)
ORDER BY r.item DESC, r.claim DESC LIMIT $4;

-- name: regions_open_count
SELECT count(*) FROM (
  SELECT 1 FROM region r JOIN item ON item.id = r.item
  WHERE r.home = $1 AND r.person = '' AND r.kind = 'face' AND {seen} LIMIT $2) AS few;

-- name: regions_of_person
SELECT claim, item, kind, name, x, y, w, h, pixels, person
FROM region WHERE person = $1 AND person <> '' ORDER BY pixels DESC;

-- name: region_best
SELECT r.claim, r.item, r.kind, r.name, r.x, r.y, r.w, r.h, r.pixels, r.person
FROM region r JOIN item ON item.id = r.item
WHERE r.person = $1 AND r.person <> '' AND {seen} AND item.damaged = '' AND item.width > 0
ORDER BY r.pixels DESC LIMIT 1;

-- Photographs in which nobody is framed and nobody is said to be.
-- name: items_unframed
SELECT {item}
FROM item
WHERE home = $1 AND kind = 'photo' AND {seen} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND width > 0 AND damaged = ''
  AND NOT EXISTS (SELECT 1 FROM region r WHERE r.item = item.id AND r.kind = 'face')
  AND NOT EXISTS (SELECT 1 FROM pictured p WHERE p.item = item.id)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $5;
