-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: consent_put
INSERT INTO consent (person, audience, purpose, allow, until_ms, claim) VALUES ($1, $2, $3, $4, $5, $6);

-- name: consent_drop
DELETE FROM consent WHERE person = $1;

-- name: consent_of
SELECT audience, purpose, allow, until_ms, claim FROM consent WHERE person = $1 ORDER BY audience, purpose;

-- name: hand_put
INSERT INTO hand (person, rest, delay_days, ask_first) VALUES ($1, $2, $3, $4);

-- name: hand_drop
DELETE FROM hand WHERE person = $1;

-- name: hand_of
SELECT rest, delay_days, ask_first FROM hand WHERE person = $1;

-- name: shut_put
INSERT INTO shut (person, home, picture, voice, story) VALUES ($1, $2, $3, $4, $5);

-- name: shut_of
SELECT picture, voice, story FROM shut WHERE person = $1;

-- Who speaks: a person, or whose account or card it is.
-- name: sayer_of
SELECT id FROM person WHERE id = $1
UNION ALL SELECT person FROM account WHERE id = $1 AND person <> ''
UNION ALL SELECT person FROM invitation WHERE id = $1 AND person <> '' LIMIT 1;

-- name: shut_drop
DELETE FROM shut WHERE person = $1;

-- Whether the home may see an item: asked one by one where no list has done it already.
-- name: item_seen
SELECT count(*) FROM item WHERE home = $1 AND id = $2 AND {open};

-- name: item_untold
SELECT count(*) FROM pictured p CROSS JOIN shut s WHERE s.person = p.person AND p.item = $1 AND s.story = 1;

-- Beyond home: everybody in it must have said yes, for what it is and for long enough, and it
-- must be old enough for whoever wants a delay. Names those who stand in the way.
-- name: item_unwilling
SELECT p.person FROM pictured p
WHERE p.item = $1 AND (
  NOT EXISTS (SELECT 1 FROM consent c WHERE c.person = p.person AND c.audience = $2 AND c.purpose = $3
    AND c.allow = 1 AND c.until_ms > $4)
  OR EXISTS (SELECT 1 FROM hand h WHERE h.person = p.person AND (h.rest = 1
    OR (h.delay_days > 0 AND $5 + h.delay_days * CAST(86400000 AS {int}) > $4)
    OR (h.ask_first <> '' AND NOT EXISTS (SELECT 1 FROM release r
      WHERE r.item = $1 AND r.audience = $2 AND r.who = h.ask_first AND r.allow = 1)))))
ORDER BY p.person;

-- name: release_put
INSERT INTO release (item, audience, who, allow) VALUES ($1, $2, $3, $4)
ON CONFLICT (item, audience, who) DO UPDATE SET allow = excluded.allow;

-- name: release_drop
DELETE FROM release WHERE item = $1;

-- Let out by somebody and by nobody refused.
-- name: release_of
SELECT coalesce(sum(allow), 0), count(*) FROM release WHERE item = $1 AND audience = $2;

-- name: release_refused
SELECT who FROM release WHERE item = $1 AND audience = $2 AND allow = 0 ORDER BY who;

-- name: avoid_put
INSERT INTO avoid (claim, person, kind, value, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6);

-- name: avoid_drop
DELETE FROM avoid WHERE person = $1;

-- name: avoid_of
SELECT claim, kind, value, from_day, to_day FROM avoid WHERE person = $1 ORDER BY claim;
