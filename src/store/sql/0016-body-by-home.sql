-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What was said of a body by whoever has no account is each home's own now (archive/body.h). It held in
-- every home whose owner has no account, and goes on to hold there.
INSERT INTO body (door, cannot)
SELECT home.id, body.cannot FROM home, body
WHERE body.door = 'owner' AND NOT EXISTS
  (SELECT 1 FROM account WHERE account.home = home.id AND account.role = 'owner' AND account.ended_ms = 0);
DELETE FROM body WHERE door = 'owner';
