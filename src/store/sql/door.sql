-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: homes_all
SELECT id, name FROM home ORDER BY id;

-- name: home_rename
UPDATE home SET name = $2 WHERE id = $1;

-- name: account_add
INSERT INTO account (id, home, name, folded, role, person, password, made_ms, ended_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- name: account_put
UPDATE account SET role = $2, person = $3, password = $4, ended_ms = $5 WHERE id = $1;

-- name: account_get
SELECT id, home, name, role, person, password, made_ms,
  (SELECT count(*) FROM passkey p WHERE p.account = account.id) FROM account WHERE id = $1;

-- name: account_named
SELECT id, home, name, role, person, password, made_ms,
  (SELECT count(*) FROM passkey p WHERE p.account = account.id) FROM account WHERE folded = $1 AND ended_ms = 0;

-- name: accounts_all
SELECT id, home, name, role, person, password, made_ms,
  (SELECT count(*) FROM passkey p WHERE p.account = account.id) FROM account WHERE home = $1 AND ended_ms = 0 ORDER BY made_ms, id;

-- name: account_of_person
SELECT id, home, name, role, person, password, made_ms,
  (SELECT count(*) FROM passkey p WHERE p.account = account.id) FROM account WHERE home = $1 AND person = $2 AND ended_ms = 0 ORDER BY made_ms LIMIT 1;

-- name: owners_count
SELECT count(*) FROM account WHERE role = 'owner' AND ended_ms = 0;

-- name: invitation_add
INSERT INTO invitation (id, mark, home, role, person, label, about, made_by, made_ms, until_ms, ended_ms, used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0);

-- name: invitation_marked
SELECT id, home, role, person, label, about, made_by, made_ms, until_ms, ended_ms, used FROM invitation WHERE mark = $1;

-- name: invitation_get
SELECT id, home, role, person, label, about, made_by, made_ms, until_ms, ended_ms, used FROM invitation WHERE id = $1;

-- name: invitations_all
SELECT id, home, role, person, label, about, made_by, made_ms, until_ms, ended_ms, used FROM invitation WHERE home = $1 AND ended_ms = 0 AND about = '' ORDER BY made_ms DESC, id DESC;

-- name: invitation_used
UPDATE invitation SET used = used + 1 WHERE id = $1;

-- name: invitation_end
UPDATE invitation SET ended_ms = $2 WHERE id = $1 AND ended_ms = 0;

-- name: invitations_about_end
UPDATE invitation SET ended_ms = $3 WHERE home = $1 AND about = $2 AND ended_ms = 0;

-- name: session_add
INSERT INTO session (id, mark, home, account, invitation, label, made_ms, seen_ms, until_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- Who comes with this mark: by an account that still stands, or an invitation that does.
-- name: session_enters
SELECT s.id, s.home, s.account, s.invitation, s.seen_ms,
  coalesce(a.role, i.role, ''), coalesce(a.person, i.person, ''), coalesce(a.name, i.label, ''),
  coalesce(i.about, '')
FROM session s
LEFT JOIN account a ON a.id = s.account AND a.ended_ms = 0
LEFT JOIN invitation i ON i.id = s.invitation AND i.ended_ms = 0 AND i.until_ms > $2
WHERE s.mark = $1 AND s.until_ms > $2;

-- name: session_seen
UPDATE session SET seen_ms = $2, until_ms = CASE WHEN account <> '' THEN $3 ELSE until_ms END WHERE id = $1;

-- name: sessions_all
SELECT s.id, s.account, s.invitation, coalesce(a.name, i.label, ''), s.label, s.made_ms, s.seen_ms, s.until_ms
FROM session s
LEFT JOIN account a ON a.id = s.account
LEFT JOIN invitation i ON i.id = s.invitation
WHERE s.home = $1 AND ($2 = '' OR s.account = $2) AND s.until_ms > $3
ORDER BY s.seen_ms DESC, s.id;

-- name: session_drop
DELETE FROM session WHERE home = $1 AND id = $2 AND ($3 = '' OR account = $3);

-- name: sessions_of_account_drop
DELETE FROM session WHERE account = $1 AND account <> '' AND id <> $2;

-- name: sessions_of_invitation_drop
DELETE FROM session WHERE invitation = $1 AND invitation <> '';

-- name: sessions_expired
DELETE FROM session WHERE until_ms <= $1;

-- name: invitations_expired
UPDATE invitation SET ended_ms = until_ms WHERE ended_ms = 0 AND until_ms <= $1;

-- name: body_get
SELECT cannot FROM body WHERE door = $1;

-- name: body_set
INSERT INTO body (door, cannot) VALUES ($1, $2)
ON CONFLICT (door) DO UPDATE SET cannot = excluded.cannot;

-- name: body_move
UPDATE body SET door = $2 WHERE door = $1
AND NOT EXISTS (SELECT 1 FROM body AS there WHERE there.door = $2);

-- name: body_drop
DELETE FROM body WHERE door = $1;

-- name: bodies_of_ended_drop
DELETE FROM body WHERE door IN (SELECT id FROM account WHERE ended_ms <> 0)
OR door IN (SELECT id FROM invitation WHERE ended_ms <> 0);
