-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What people let be shown, and to whom. Index: made from claims (archive/consent.c).
CREATE TABLE consent (
  person TEXT NOT NULL, audience TEXT NOT NULL, purpose TEXT NOT NULL, allow {int} NOT NULL,
  until_ms {int} NOT NULL, claim TEXT NOT NULL, PRIMARY KEY (person, audience, purpose)
) {strict};

CREATE TABLE hand (
  person TEXT PRIMARY KEY, rest {int} NOT NULL, delay_days {int} NOT NULL, ask_first TEXT NOT NULL
) {strict};

-- Whose pictures, voice or part in stories rest, so that not even the home is shown them. Nearly always empty.
CREATE TABLE shut (
  person TEXT PRIMARY KEY, home TEXT NOT NULL, picture {int} NOT NULL, voice {int} NOT NULL,
  story {int} NOT NULL
) {strict};

CREATE TABLE release (
  item TEXT NOT NULL, audience TEXT NOT NULL, who TEXT NOT NULL, allow {int} NOT NULL,
  PRIMARY KEY (item, audience, who)
) {strict};

CREATE TABLE avoid (
  claim TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
  from_day {int} NOT NULL, to_day {int} NOT NULL
) {strict};
CREATE INDEX avoid_person ON avoid (person);
