-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: passkey_add
INSERT INTO passkey (id, account, credential, algorithm, public_key, sign_count, label, rp, made_ms, used_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0);

-- name: passkey_of_credential
SELECT id, account, credential, algorithm, public_key, sign_count, label, rp, made_ms, used_ms FROM passkey WHERE credential = $1;

-- name: passkeys_of_account
SELECT id, account, credential, algorithm, public_key, sign_count, label, rp, made_ms, used_ms FROM passkey WHERE account = $1 ORDER BY made_ms, id;

-- A count that does not go on tells of a copy; a device that does not count says 0 for ever.
-- name: passkey_used
UPDATE passkey SET sign_count = $2, used_ms = $3 WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0));

-- name: passkey_label
UPDATE passkey SET label = $3 WHERE account = $1 AND id = $2;

-- name: passkey_drop
DELETE FROM passkey WHERE account = $1 AND id = $2;

-- name: passkeys_of_account_drop
DELETE FROM passkey WHERE account = $1;
