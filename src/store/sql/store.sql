-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: meta_get
SELECT value FROM meta WHERE key = $1;

-- name: meta_set
INSERT INTO meta (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: meta_swap
UPDATE meta SET value = $3 WHERE key = $1 AND value = $2;

-- name: home_add
INSERT INTO home (id, name) VALUES ($1, $2);

-- name: home_first
SELECT id FROM home ORDER BY id LIMIT 1;

-- name: setting_get
SELECT value FROM setting WHERE key = $1;

-- name: setting_set
INSERT INTO setting (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: setting_drop
DELETE FROM setting WHERE key = $1;
