-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: claim_add
INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms, retracts, act)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq;

-- name: claim_again
INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms, retracts, seq, act)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING;

-- name: claims_of
SELECT {claim} FROM claim c WHERE subject = $1 ORDER BY seq;

-- name: claims_after
SELECT {claim} FROM claim c WHERE seq > $1 ORDER BY seq LIMIT $2;

-- Of what rests no page is told which it is.
-- name: claims_since
SELECT c.seq, c.home, CASE WHEN item.id IS NULL OR {open} THEN c.subject ELSE '' END, c.predicate
FROM claim c LEFT JOIN ask k ON k.id = c.subject LEFT JOIN item ON item.id = coalesce(k.item, c.subject)
WHERE c.seq > $1 ORDER BY c.seq LIMIT $2;

-- The first claim of each subject; subjects sort by the time they were made.
-- name: claims_each
SELECT {claim} FROM (SELECT min(seq) AS first FROM claim WHERE predicate = $1 AND subject > $2
      GROUP BY subject ORDER BY subject LIMIT $3) AS f
JOIN claim AS c ON c.seq = f.first ORDER BY c.subject;

-- name: claims_every
SELECT {claim} FROM claim c WHERE predicate = $1 AND (subject, seq) > ($2, $3) ORDER BY subject, seq LIMIT $4;

-- name: claim_get
SELECT {claim} FROM claim c WHERE id = $1;

-- What one act said, of all its subjects that the home may see.
-- name: claims_of_act
SELECT {claim} FROM claim c LEFT JOIN item ON item.id = c.subject
WHERE c.home = $1 AND c.act = $2 AND c.act <> '' AND (item.id IS NULL OR {open}) ORDER BY c.seq;

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

-- The items that somebody asked, answered or wrote about, by whichever door of theirs; $1 '*': all of
-- the home whose words rest.
-- name: items_said_of
WITH us (person) AS (SELECT $1 UNION SELECT person FROM shut WHERE $1 = '*' AND home = $2 AND voice = 1),
me (who) AS (SELECT person FROM us UNION SELECT id FROM account WHERE person IN (SELECT person FROM us)
  UNION SELECT id FROM invitation WHERE person IN (SELECT person FROM us))
SELECT k.item FROM ask k WHERE k.who IN (SELECT who FROM me)
UNION
SELECT k.item FROM answer a JOIN ask k ON k.id = a.ask WHERE a.who IN (SELECT who FROM me)
UNION
SELECT c.subject FROM me CROSS JOIN claim c
WHERE c.who = me.who AND c.predicate IN ('caption', 'keyword', 'mark', 'title')
ORDER BY 1;
