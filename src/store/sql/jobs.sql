-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: job_add
INSERT INTO job (id, home, kind, args, item, state, progress, result, error, tries, epoch, lease_ms,
  made_ms)
VALUES ($1, $2, $3, $4, $5, 'waiting', 0.0, 'null', '', 0, 0, 0, $6);

-- name: job_get
SELECT id, kind, args, item, state, progress, result, error, tries, epoch, made_ms, home
FROM job WHERE home = $1 AND id = $2;

-- name: jobs_list
SELECT id, kind, args, item, state, progress, result, error, tries, epoch, made_ms, home
FROM job WHERE home = $1 ORDER BY made_ms DESC, id DESC LIMIT $2;

-- name: job_latest
SELECT id, kind, args, item, state, progress, result, error, tries, epoch, made_ms, home
FROM job WHERE home = $1 AND kind = $2 ORDER BY made_ms DESC, id DESC LIMIT 1;

-- name: job_latest_of
SELECT id, kind, args, item, state, progress, result, error, tries, epoch, made_ms, home
FROM job WHERE home = $1 AND kind = $2 AND item = $3 ORDER BY made_ms DESC, id DESC LIMIT 1;

-- name: job_cancel
UPDATE job SET state = 'cancelled', lease_ms = 0
WHERE home = $1 AND id = $2 AND state IN ('waiting', 'running', 'cancelled');

-- A job whose workers died again and again is not tried for ever.
-- name: jobs_give_up
UPDATE job SET state = 'failed', error = $1
WHERE state = 'running' AND lease_ms < $2 AND tries >= $3;

-- name: jobs_any
SELECT 1 FROM job WHERE state = 'waiting' OR (state = 'running' AND lease_ms < $1) LIMIT 1;

-- name: job_take
UPDATE job SET state = 'running', epoch = epoch + 1, tries = tries + 1, progress = 0.0, lease_ms = $1
WHERE id = (SELECT id FROM job
            WHERE state = 'waiting' OR (state = 'running' AND lease_ms < $2)
            ORDER BY made_ms, id LIMIT 1 {skip})
RETURNING id, kind, args, item, state, progress, result, error, tries, epoch, made_ms, home;

-- name: job_renew
UPDATE job SET progress = $1, lease_ms = $2
WHERE id = $3 AND epoch = $4 AND state = 'running';

-- name: job_end
UPDATE job SET state = $1, progress = $2, result = $3, error = $4, lease_ms = 0
WHERE id = $5 AND epoch = $6 AND state = 'running';
