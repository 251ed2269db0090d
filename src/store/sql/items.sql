-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: item_put
INSERT INTO item (id, home, sha256, size, kind, mime, damaged, width, height, duration_ms, added_ms,
  date_edtf, date_from, date_to, date_source, date_certain, wall_ms, section, title, caption, place,
  camera, names, lat, lon, favourite, trashed_ms, stack, stack_n, near, phash, preview, extra, visible,
  hidden)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34,
  $35)
ON CONFLICT (id) DO UPDATE SET
  sha256 = excluded.sha256, size = excluded.size, added_ms = excluded.added_ms,
  kind = excluded.kind, mime = excluded.mime, damaged = excluded.damaged, width = excluded.width,
  height = excluded.height, duration_ms = excluded.duration_ms, date_edtf = excluded.date_edtf,
  date_from = excluded.date_from, date_to = excluded.date_to, date_source = excluded.date_source,
  date_certain = excluded.date_certain, wall_ms = excluded.wall_ms, section = excluded.section,
  title = excluded.title, caption = excluded.caption, place = excluded.place,
  camera = excluded.camera, names = excluded.names, lat = excluded.lat, lon = excluded.lon,
  favourite = excluded.favourite, trashed_ms = excluded.trashed_ms, stack = excluded.stack,
  stack_n = excluded.stack_n, near = excluded.near, phash = excluded.phash,
  preview = excluded.preview, extra = excluded.extra, visible = excluded.visible,
  hidden = excluded.hidden;

-- name: item_shelf
SELECT num, section, visible, CASE WHEN height > 0 THEN 1.0 * width / height ELSE 1.25 END,
  kind, size, CASE WHEN date_edtf = '' THEN 1 ELSE 0 END, CASE WHEN trashed_ms > 0 THEN 1 WHEN hidden > 0 THEN 2 ELSE 0 END
FROM item WHERE id = $1;

-- name: item_get
SELECT {item}
FROM item WHERE home = $1 AND id = $2;

-- name: item_by_blob
SELECT {item}
FROM item WHERE home = $1 AND sha256 = $2;

-- name: item_drop
DELETE FROM item WHERE id = $1;

-- name: items_page
SELECT {item}
FROM item
WHERE home = $1 AND visible = $6 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $5;

-- name: items_of_kind
SELECT {item}
FROM item
WHERE home = $1 AND kind = $5 AND visible = $7 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $6;

-- name: items_of_section
SELECT {item}
FROM item
WHERE home = $1 AND section = $2 AND {seen} AND (date_from, wall_ms, num) < ($3, $4, $5)
  AND ($6 = '' OR kind = $6)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $7;

-- Anywhere along the row numbers: for a few at random.
-- name: items_around
SELECT {item}
FROM item
WHERE home = $1 AND num >= $2 AND {seen}
ORDER BY num LIMIT $3;

-- name: items_number
SELECT coalesce(max(num), 0) FROM item;

-- name: items_trashed
SELECT {item}
FROM item
WHERE home = $1 AND {open} AND trashed_ms > 0 AND trashed_ms <= $2 AND (trashed_ms, num) < ($3, $4)
ORDER BY trashed_ms DESC, num DESC LIMIT $5;

-- name: items_of_stack
SELECT {item}
FROM item WHERE stack = $1 AND stack <> '' AND trashed_ms = 0 AND hidden = 0 ORDER BY wall_ms, num;

-- name: items_near
SELECT {item}
FROM item WHERE near = $1 AND near <> '' AND trashed_ms = 0 AND hidden = 0
ORDER BY date_from, wall_ms, sha256 LIMIT 100;

-- By row: an index on the home alone would sort all that is left for each page.
-- name: items_all
SELECT {item}
FROM item WHERE home || '' = $1 AND num > $2 ORDER BY num LIMIT 500;

-- Along the line of time (search), as far as the page needs; or, of words that few have, by looking
-- these few up and no others (found: an expression of home keeps SQLite from going along the line).
-- name: items_search engine: sqlite
SELECT {item}
FROM item
WHERE home = $1 AND visible = $11 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND ($5 = '' OR num IN (SELECT rowid FROM search WHERE search MATCH $5))
  AND ($6 = '' OR kind = $6)
  AND (CAST($7 AS {int}) > $8 OR (date_edtf <> '' AND date_from <= $8 AND date_to >= $7))
  AND (CAST($9 AS {int}) = 0 OR date_edtf = '')
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $10;

-- name: items_search engine: postgresql
SELECT {item}
FROM item
WHERE home = $1 AND visible = $11 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND ($5 = '' OR num IN (SELECT s.num FROM search s WHERE s.body @@ to_tsquery('simple', $5)))
  AND ($6 = '' OR kind = $6)
  AND (CAST($7 AS {int}) > $8 OR (date_edtf <> '' AND date_from <= $8 AND date_to >= $7))
  AND (CAST($9 AS {int}) = 0 OR date_edtf = '')
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $10;

-- name: items_found engine: sqlite
SELECT {item}
FROM item
WHERE home || '' = $1 AND visible + 0 = $11 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND num IN (SELECT rowid FROM search WHERE search MATCH $5)
  AND ($6 = '' OR kind = $6)
  AND (CAST($7 AS {int}) > $8 OR (date_edtf <> '' AND date_from <= $8 AND date_to >= $7))
  AND (CAST($9 AS {int}) = 0 OR date_edtf = '')
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $10;

-- name: items_found engine: postgresql
SELECT {item}
FROM item
WHERE home = $1 AND visible = $11 AND {open} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND num IN (SELECT s.num FROM search s WHERE s.body @@ to_tsquery('simple', $5))
  AND ($6 = '' OR kind = $6)
  AND (CAST($7 AS {int}) > $8 OR (date_edtf <> '' AND date_from <= $8 AND date_to >= $7))
  AND (CAST($9 AS {int}) = 0 OR date_edtf = '')
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $10;

-- name: items_search_count
SELECT count(*) FROM item
WHERE home = $1 AND visible = $7 AND {open}
  AND $2 = ''
  AND ($3 = '' OR kind = $3)
  AND (CAST($4 AS {int}) > $5 OR (date_edtf <> '' AND date_from <= $5 AND date_to >= $4))
  AND (CAST($6 AS {int}) = 0 OR date_edtf = '');

-- name: items_found_count engine: sqlite
SELECT count(*) FROM item
WHERE home || '' = $1 AND visible + 0 = $7 AND {open}
  AND num IN (SELECT rowid FROM search WHERE search MATCH $2)
  AND ($3 = '' OR kind = $3)
  AND (CAST($4 AS {int}) > $5 OR (date_edtf <> '' AND date_from <= $5 AND date_to >= $4))
  AND (CAST($6 AS {int}) = 0 OR date_edtf = '');

-- name: items_found_count engine: postgresql
SELECT count(*) FROM item
WHERE home = $1 AND visible = $7 AND {open}
  AND num IN (SELECT s.num FROM search s WHERE s.body @@ to_tsquery('simple', $2))
  AND ($3 = '' OR kind = $3)
  AND (CAST($4 AS {int}) > $5 OR (date_edtf <> '' AND date_from <= $5 AND date_to >= $4))
  AND (CAST($6 AS {int}) = 0 OR date_edtf = '');

-- name: item_previous
SELECT id FROM item
WHERE home = $1 AND {seen} AND (date_from, wall_ms, num) > ($2, $3, $4)
ORDER BY date_from, wall_ms, num LIMIT 1;

-- name: item_next
SELECT id FROM item
WHERE home = $1 AND {seen} AND (date_from, wall_ms, num) < ($2, $3, $4)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT 1;

-- name: item_groups
UPDATE item SET stack = $2, stack_n = $3, near = $4,
  visible = CASE WHEN trashed_ms > 0 OR ($2 <> '' AND $2 <> id) THEN 0 WHEN hidden > 0 THEN 2 ELSE 1 END
WHERE id = $1;

-- name: search_put engine: sqlite
INSERT INTO search (rowid, body) VALUES ($1, $2);

-- name: search_put engine: postgresql
INSERT INTO search (num, body) VALUES ($1, to_tsvector('simple', $2))
ON CONFLICT (num) DO UPDATE SET body = excluded.body;

-- name: search_drop engine: sqlite
DELETE FROM search WHERE rowid = $1;

-- name: search_drop engine: postgresql
DELETE FROM search WHERE num = $1;

-- What was deleted leaves its words in the index of words until its pieces are merged
-- (SQLite 3.40 knows no secure-delete of FTS5): begun over all of them, then step by step.
-- name: search_tidy engine: sqlite
INSERT INTO search (search, rank) VALUES ('merge', CAST($1 AS INTEGER));

-- name: search_tidy engine: postgresql
DELETE FROM search WHERE num < 0 AND num < $1;

-- name: section_clear
DELETE FROM section WHERE home = $1;

-- name: section_recount
INSERT INTO section (home, key, count, ratio_sum)
SELECT home, section, count(*), sum(CASE WHEN height > 0 THEN 1.0 * width / height ELSE 1.25 END)
FROM item WHERE home = $1 AND visible = 1 GROUP BY home, section;

-- name: section_move
INSERT INTO section (home, key, count, ratio_sum) VALUES ($1, $2, $3, $4)
ON CONFLICT (home, key) DO UPDATE SET
  count = section.count + excluded.count, ratio_sum = section.ratio_sum + excluded.ratio_sum;

-- name: sections
SELECT s.key, s.count - coalesce(r.n, 0), s.ratio_sum - coalesce(r.ratio, 0)
FROM section s LEFT JOIN (
  SELECT section, count(*) AS n, sum(CASE WHEN height > 0 THEN 1.0 * width / height ELSE 1.25 END) AS ratio
  FROM {shut} AND home = $1 AND visible = 1 GROUP BY section) r ON r.section = s.key
WHERE s.home = $1 AND s.count > coalesce(r.n, 0);

-- name: tally_move
INSERT INTO tally (home, kind, trashed, count, undated, bytes) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (home, kind, trashed) DO UPDATE SET count = tally.count + excluded.count,
  undated = tally.undated + excluded.undated, bytes = tally.bytes + excluded.bytes;

-- name: tallies
SELECT t.kind, t.trashed, t.count - coalesce(r.n, 0), t.undated - coalesce(r.undated, 0), t.bytes - coalesce(r.bytes, 0)
FROM tally t LEFT JOIN (
  SELECT kind, CASE WHEN trashed_ms > 0 THEN 1 WHEN hidden > 0 THEN 2 ELSE 0 END AS trashed, count(*) AS n,
    sum(CASE WHEN date_edtf = '' THEN 1 ELSE 0 END) AS undated, sum(size) AS bytes
  FROM {shut} AND home = $1
  GROUP BY kind, CASE WHEN trashed_ms > 0 THEN 1 WHEN hidden > 0 THEN 2 ELSE 0 END) r ON r.kind = t.kind AND r.trashed = t.trashed
WHERE t.home = $1;

-- name: tally_clear
DELETE FROM tally WHERE home = $1;

-- name: tally_recount
INSERT INTO tally (home, kind, trashed, count, undated, bytes)
SELECT home, kind, CASE WHEN trashed_ms > 0 THEN 1 WHEN hidden > 0 THEN 2 ELSE 0 END, count(*),
  sum(CASE WHEN date_edtf = '' THEN 1 ELSE 0 END), sum(size)
FROM item WHERE home = $1
GROUP BY home, kind, CASE WHEN trashed_ms > 0 THEN 1 WHEN hidden > 0 THEN 2 ELSE 0 END;

-- name: film_count
SELECT count(*) FROM rendition WHERE home = $1 AND kind = 'film';

-- name: found_put
INSERT INTO found (home, path, item, size, mtime_ns) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (home, path, item) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns;

-- name: found_known
SELECT item FROM found
WHERE home = $1 AND path = $2 AND size = $3 AND mtime_ns = $4 AND ($5 = '' OR item = $5);

-- name: found_all
SELECT item, path FROM found WHERE home = $1 ORDER BY path, item;

-- name: found_drop
DELETE FROM found WHERE item = $1;

-- name: tombstone_put
INSERT INTO tombstone (home, mark) VALUES ($1, $2) ON CONFLICT (home, mark) DO NOTHING;

-- name: tombstone_known
SELECT 1 FROM tombstone WHERE home = $1 AND mark = $2;
