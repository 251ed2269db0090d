-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: album_put
INSERT INTO album (id, home, title, sort, made_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, sort = excluded.sort, made_ms = excluded.made_ms;

-- name: album_drop
DELETE FROM album WHERE home = $1 AND id = $2;

-- name: album_get
SELECT id, title, made_ms,
  (SELECT count(*) FROM album_item m JOIN item ON item.id = m.item
   WHERE m.album = album.id AND item.trashed_ms = 0 AND item.hidden = 0 AND {open})
FROM album WHERE home = $1 AND id = $2;

-- name: albums_all
SELECT id, title, made_ms,
  (SELECT count(*) FROM album_item m JOIN item ON item.id = m.item
   WHERE m.album = album.id AND item.trashed_ms = 0 AND item.hidden = 0 AND {open})
FROM album WHERE home = $1 ORDER BY sort, id;

-- name: albums_of_item
SELECT id, title, made_ms, 0 FROM album
WHERE home = $1 AND id IN (SELECT m.album FROM album_item m WHERE m.item = $2) ORDER BY sort, id;

-- name: album_item_put
INSERT INTO album_item (item, album, seq) VALUES ($1, $2, $3) ON CONFLICT (item, album) DO NOTHING;

-- name: album_item_drop
DELETE FROM album_item WHERE item = $1;

-- name: album_place_put
INSERT INTO album_place (album, item, place) VALUES ($1, $2, $3) ON CONFLICT (album, item) DO NOTHING;

-- name: album_place_drop
DELETE FROM album_place WHERE album = $1;

-- name: album_place_forget
DELETE FROM album_place WHERE item = $1;

-- What nobody gave a place comes last, in the order in which it was put in.
-- name: album_items
SELECT {item}
FROM item JOIN (
  SELECT m.item AS member, m.seq AS said, COALESCE(p.place, 1000000000) AS spot
  FROM album_item m LEFT JOIN album_place p ON p.album = m.album AND p.item = m.item
  WHERE m.album = $2) AS membership ON membership.member = item.id
WHERE home = $1 AND trashed_ms = 0 AND hidden = 0 AND {open}
ORDER BY membership.spot, membership.said LIMIT $3 OFFSET $4;

-- name: album_order
SELECT item.id
FROM item JOIN (
  SELECT m.item AS member, m.seq AS said, COALESCE(p.place, 1000000000) AS spot
  FROM album_item m LEFT JOIN album_place p ON p.album = m.album AND p.item = m.item
  WHERE m.album = $2) AS membership ON membership.member = item.id
WHERE home = $1 AND trashed_ms = 0 AND hidden = 0 AND {open}
ORDER BY membership.spot, membership.said;
