-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: person_put
INSERT INTO person (id, home, shown, sort, sex, born_edtf, born_from, born_to, born_place, born_claim,
  died_edtf, died_from, died_to, died_place, died_claim)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (id) DO UPDATE SET
  shown = excluded.shown, sort = excluded.sort, sex = excluded.sex,
  born_edtf = excluded.born_edtf, born_from = excluded.born_from, born_to = excluded.born_to,
  born_place = excluded.born_place, born_claim = excluded.born_claim,
  died_edtf = excluded.died_edtf, died_from = excluded.died_from, died_to = excluded.died_to,
  died_place = excluded.died_place, died_claim = excluded.died_claim;

-- name: person_drop
DELETE FROM person WHERE home = $1 AND id = $2;

-- name: person_get
SELECT id, shown, sort, sex, born_edtf, born_from, born_to, born_place, born_claim,
  died_edtf, died_from, died_to, died_place, died_claim
FROM person WHERE home = $1 AND id = $2;

-- name: persons_all
SELECT id, shown, sort, sex, born_edtf, born_from, born_to, born_place, born_claim,
  died_edtf, died_from, died_to, died_place, died_claim
FROM person WHERE home = $1 ORDER BY sort, id;

-- name: person_name_put
INSERT INTO person_name (claim, home, person, kind, lang, name, body)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: person_names_drop
DELETE FROM person_name WHERE home = $1 AND person = $2;

-- name: person_names_of
SELECT claim, person, kind, lang, name, body FROM person_name
WHERE home = $1 AND person = $2 ORDER BY claim;

-- name: person_names_all
SELECT claim, person, kind, lang, name, body FROM person_name WHERE home = $1 ORDER BY person, claim;

-- name: relation_put
INSERT INTO relation (claim, home, person, kind, other, elder) VALUES ($1, $2, $3, $4, $5, $6);

-- name: relations_drop
DELETE FROM relation WHERE home = $1 AND person = $2;

-- name: relations_all
SELECT claim, person, kind, other, elder FROM relation WHERE home = $1 ORDER BY person, claim;

-- name: pictured_put
INSERT INTO pictured (item, person) VALUES ($1, $2) ON CONFLICT (item, person) DO NOTHING;

-- name: pictured_drop
DELETE FROM pictured WHERE item = $1;

-- name: pictured_of_item
SELECT person FROM pictured WHERE item = $1 ORDER BY person;

-- Hidden ones too: their search text holds the names as well.
-- name: pictured_after
SELECT item FROM pictured WHERE person = $1 AND item > $2 ORDER BY item LIMIT $3;

-- name: pictured_count
SELECT count(*) FROM item
WHERE home = $1 AND {seen} AND id IN (SELECT p.item FROM pictured p WHERE p.person = $2);

-- name: items_of_person
SELECT {item}
FROM item
WHERE home = $1 AND {seen} AND (date_from, wall_ms, num) < ($2, $3, $4)
  AND id IN (SELECT p.item FROM pictured p WHERE p.person = $5)
ORDER BY date_from DESC, wall_ms DESC, num DESC LIMIT $6;
