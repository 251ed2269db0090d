-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: claim_add
INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms, retracts, act)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq;

-- name: claim_again
INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms, retracts, seq, act)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING;

-- name: claims_of
SELECT seq, id, home, subject, predicate, value, who, certain, at_ms, retracts, act
FROM claim WHERE subject = $1 ORDER BY seq;

-- name: claims_after
SELECT seq, id, home, subject, predicate, value, who, certain, at_ms, retracts, act
FROM claim WHERE seq > $1 ORDER BY seq LIMIT $2;

-- name: claims_since
SELECT seq, home, subject, predicate FROM claim WHERE seq > $1 ORDER BY seq LIMIT $2;

-- The first claim of each subject; subjects sort by the time they were made.
-- name: claims_each
SELECT c.seq, c.id, c.home, c.subject, c.predicate, c.value, c.who, c.certain, c.at_ms, c.retracts, c.act
FROM (SELECT min(seq) AS first FROM claim WHERE predicate = $1 AND subject > $2
      GROUP BY subject ORDER BY subject LIMIT $3) AS f
JOIN claim AS c ON c.seq = f.first ORDER BY c.subject;

-- name: claims_every
SELECT seq, id, home, subject, predicate, value, who, certain, at_ms, retracts, act
FROM claim WHERE predicate = $1 AND (subject, seq) > ($2, $3) ORDER BY subject, seq LIMIT $4;

-- name: claim_get
SELECT seq, id, home, subject, predicate, value, who, certain, at_ms, retracts, act
FROM claim WHERE id = $1;

-- What one act said, of all its subjects.
-- name: claims_of_act
SELECT seq, id, home, subject, predicate, value, who, certain, at_ms, retracts, act
FROM claim WHERE home = $1 AND act = $2 AND act <> '' ORDER BY seq;

-- Acts are named by the time at which they began.
-- name: acts_before
SELECT act FROM claim WHERE home = $1 AND act <> '' AND act < $2
GROUP BY act ORDER BY act DESC LIMIT $3;

-- What takes a claim back.
-- name: claims_against
SELECT id FROM claim WHERE retracts = $1 AND retracts <> '' ORDER BY seq;

-- name: claims_any
SELECT seq FROM claim LIMIT 1;

-- name: claims_forget
DELETE FROM claim WHERE subject = $1;

-- The highest number a claim ever had.
-- name: claim_last engine: sqlite
SELECT seq FROM sqlite_sequence WHERE name = 'claim';

-- name: claim_last engine: postgresql
SELECT last_value FROM claim_seq_seq;

-- The next claim shall have a number above $1.
-- name: claim_reach engine: sqlite
INSERT INTO claim (seq, id, home, subject, predicate, value, who, certain, at_ms, retracts)
VALUES ($1, '', '', '', '', 'null', '', 0.0, 0, '');

-- name: claim_reach engine: postgresql
SELECT setval(pg_get_serial_sequence('claim', 'seq'), $1);

-- name: claim_reached
DELETE FROM claim WHERE id = '';
