-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: sitting_add
INSERT INTO sitting (id, home, person, company, seed, logged, began_ms, seen_ms, ended_ms, kept, good, quiet, unhappy)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0, 0, 0, 0);

-- name: sitting_get
SELECT id, person, company, seed, logged, began_ms, seen_ms, ended_ms, kept, good, quiet, unhappy
FROM sitting WHERE home = $1 AND id = $2;

-- name: sitting_put
UPDATE sitting SET seen_ms = $3, ended_ms = $4, kept = $5, good = $6, quiet = $7, unhappy = $8
WHERE home = $1 AND id = $2;

-- name: sitting_drop
DELETE FROM sitting WHERE home = $1 AND id = $2;

-- What nobody wanted in the log, and everybody has left.
-- name: sittings_sweep
DELETE FROM sitting WHERE home = $1 AND logged = 0 AND began_ms < $2;

-- name: sittings_logged
SELECT id, person, company, seed, logged, began_ms, seen_ms, ended_ms, kept, good, quiet, unhappy
FROM sitting WHERE home = $1 AND logged = 1 ORDER BY began_ms DESC, id DESC LIMIT $2;
