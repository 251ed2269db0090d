-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Devices that open the door by themselves (WebAuthn). Part of the house's own book of who may
-- enter (0004): neither truth nor index. A public key is x and y of 32 bytes (algorithm -7, ES256),
-- 32 bytes (-8, EdDSA) or a modulus of 256 bytes and an exponent of 3 (-257, RS256). used_ms is 0
-- until it first opened.
CREATE TABLE passkey (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, credential {blob} NOT NULL UNIQUE, algorithm {int} NOT NULL,
  public_key {blob} NOT NULL, sign_count {int} NOT NULL, label TEXT NOT NULL, rp TEXT NOT NULL,
  made_ms {int} NOT NULL, used_ms {int} NOT NULL
) {strict};
CREATE INDEX passkey_account ON passkey (account, made_ms);
