-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: rendition_add
INSERT INTO rendition (id, home, subject, kind, mime, ending, recipe, at_ms, size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: rendition_get
SELECT id, subject, kind, mime, ending, recipe, at_ms, size
FROM rendition WHERE home = $1 AND id = $2;

-- name: renditions_of
SELECT id, subject, kind, mime, ending, recipe, at_ms, size
FROM rendition WHERE home = $1 AND subject = $2 ORDER BY at_ms DESC, id DESC;

-- name: renditions_kind
SELECT id, subject, kind, mime, ending, recipe, at_ms, size
FROM rendition WHERE home = $1 AND kind = $2 ORDER BY at_ms DESC, id DESC;

-- name: renditions_drop
DELETE FROM rendition WHERE home = $1 AND subject = $2;
