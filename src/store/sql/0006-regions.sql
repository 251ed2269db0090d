-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Framed places of pictures, and who they show. Index: made from claims (archive/pictured.c).
-- `pixels` is how much of the picture the frame holds.
CREATE TABLE region (
  claim TEXT PRIMARY KEY,
  home TEXT NOT NULL,
  item TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  x {real} NOT NULL,
  y {real} NOT NULL,
  w {real} NOT NULL,
  h {real} NOT NULL,
  pixels {int} NOT NULL,
  person TEXT NOT NULL
) {strict};
CREATE INDEX region_item ON region (item);
CREATE INDEX region_person ON region (person, pixels DESC) WHERE person <> '';
CREATE INDEX region_open ON region (home, item DESC, claim DESC) WHERE person = '' AND kind = 'face';

-- The frames that are there already, from what was said of them.
{regions}
