-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Notes of what is still to be done are each home's own now: what was noted for the house is noted for
-- its homes, and so is (one in each home) whoever lets theirs rest already: their words leave the search.
INSERT INTO meta (key, value)
SELECT 'groups ' || home.id, 'due' FROM home
WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'groups' AND value <> '');
INSERT INTO meta (key, value)
SELECT 'persons ' || home, min(id) FROM person
WHERE id IN (SELECT value FROM meta WHERE key = 'persons' UNION SELECT person FROM shut WHERE voice = 1)
GROUP BY home;
DELETE FROM meta WHERE key IN ('groups', 'persons');
