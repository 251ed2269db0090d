-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Persons and kin. Index: all four are made from claims (archive/persons.c, archive/shown.c).
CREATE TABLE person (
  id TEXT PRIMARY KEY,
  home TEXT NOT NULL,
  shown TEXT NOT NULL,
  sort TEXT NOT NULL,
  sex TEXT NOT NULL,
  born_edtf TEXT NOT NULL,
  born_from {int} NOT NULL,
  born_to {int} NOT NULL,
  born_place TEXT NOT NULL,
  born_claim TEXT NOT NULL,
  died_edtf TEXT NOT NULL,
  died_from {int} NOT NULL,
  died_to {int} NOT NULL,
  died_place TEXT NOT NULL,
  died_claim TEXT NOT NULL
) {strict};
CREATE INDEX person_sort ON person (home, sort, id);

CREATE TABLE person_name (
  claim TEXT PRIMARY KEY, home TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
  lang TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL
) {strict};
CREATE INDEX person_name_person ON person_name (home, person);

CREATE TABLE relation (
  claim TEXT PRIMARY KEY, home TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
  other TEXT NOT NULL, elder TEXT NOT NULL
) {strict};
CREATE INDEX relation_person ON relation (home, person);

CREATE TABLE pictured (
  item TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (item, person)
) {strict};
CREATE INDEX pictured_person ON pictured (person, item);
