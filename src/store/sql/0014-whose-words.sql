-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Captions, titles, keywords and marks rest with whoever said them: found by who, and those of everybody
-- who lets theirs rest already are taken out of what is shown (archive/persons.c).
CREATE INDEX claim_who ON claim (who) WHERE predicate IN ('caption', 'keyword', 'mark', 'title');
INSERT INTO meta (key, value)
SELECT DISTINCT 'persons ' || home, '*' FROM shut WHERE voice = 1
ON CONFLICT (key) DO UPDATE SET value = meta.value || '
*';
