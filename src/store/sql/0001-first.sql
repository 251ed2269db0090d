-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The first schema. Truth: home, claim, setting, tombstone. Index: the rest.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) {strict};
CREATE TABLE home (id TEXT PRIMARY KEY, name TEXT NOT NULL) {strict};
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) {strict};
CREATE TABLE tombstone (home TEXT NOT NULL, mark {blob} NOT NULL, PRIMARY KEY (home, mark)) {strict};

CREATE TABLE claim (
  seq {serial},
  id TEXT NOT NULL UNIQUE,
  home TEXT NOT NULL,
  subject TEXT NOT NULL,
  predicate TEXT NOT NULL,
  value {json} NOT NULL,
  who TEXT NOT NULL,
  certain {real} NOT NULL,
  at_ms {int} NOT NULL,
  retracts TEXT NOT NULL DEFAULT ''
) {strict};
CREATE INDEX claim_subject ON claim (subject);
CREATE INDEX claim_predicate ON claim (predicate, subject);

CREATE TABLE item (
  num {serial},
  id TEXT NOT NULL UNIQUE,
  home TEXT NOT NULL,
  sha256 {blob} NOT NULL,
  size {int} NOT NULL,
  kind TEXT NOT NULL,
  mime TEXT NOT NULL,
  damaged TEXT NOT NULL,
  width {int} NOT NULL,
  height {int} NOT NULL,
  duration_ms {int} NOT NULL,
  added_ms {int} NOT NULL,
  date_edtf TEXT NOT NULL,
  date_from {int} NOT NULL,
  date_to {int} NOT NULL,
  date_source TEXT NOT NULL,
  date_certain {real} NOT NULL,
  wall_ms {int} NOT NULL,
  section TEXT NOT NULL,
  title TEXT NOT NULL,
  caption TEXT NOT NULL,
  place TEXT NOT NULL,
  camera TEXT NOT NULL,
  names TEXT NOT NULL,
  lat {real},
  lon {real},
  favourite {int} NOT NULL,
  trashed_ms {int} NOT NULL,
  stack TEXT NOT NULL,
  stack_n {int} NOT NULL,
  near TEXT NOT NULL,
  phash {int} NOT NULL,
  preview TEXT NOT NULL,
  extra {json} NOT NULL,
  visible {int} NOT NULL,
  UNIQUE (home, sha256)
) {strict};
CREATE INDEX item_time ON item (home, visible, date_from DESC, wall_ms DESC, num DESC);
CREATE INDEX item_section ON item (home, section, visible, date_from DESC, wall_ms DESC, num DESC);
CREATE INDEX item_trash ON item (home, trashed_ms) WHERE trashed_ms > 0;
CREATE INDEX item_stack ON item (stack) WHERE stack <> '';
CREATE INDEX item_near ON item (near) WHERE near <> '';

CREATE TABLE section (
  home TEXT NOT NULL, key TEXT NOT NULL, count {int} NOT NULL, ratio_sum {real} NOT NULL,
  PRIMARY KEY (home, key)
) {strict};

CREATE TABLE tally (
  home TEXT NOT NULL, kind TEXT NOT NULL, trashed {int} NOT NULL, count {int} NOT NULL,
  undated {int} NOT NULL, bytes {int} NOT NULL, PRIMARY KEY (home, kind, trashed)
) {strict};

CREATE TABLE found (
  home TEXT NOT NULL, path {blob} NOT NULL, item TEXT NOT NULL, size {int} NOT NULL, mtime_ns {int} NOT NULL,
  PRIMARY KEY (home, path, item)
) {strict};
CREATE INDEX found_item ON found (item);

CREATE TABLE rendition (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, mime TEXT NOT NULL,
  ending TEXT NOT NULL, recipe {json} NOT NULL, at_ms {int} NOT NULL, size {int} NOT NULL
) {strict};
CREATE INDEX rendition_subject ON rendition (subject);
CREATE INDEX rendition_kind ON rendition (home, kind, at_ms DESC);

CREATE TABLE job (
  id TEXT PRIMARY KEY, home TEXT NOT NULL, kind TEXT NOT NULL, args {json} NOT NULL, item TEXT NOT NULL,
  state TEXT NOT NULL, progress {real} NOT NULL, result {json} NOT NULL, error TEXT NOT NULL,
  tries {int} NOT NULL, epoch {int} NOT NULL, lease_ms {int} NOT NULL, made_ms {int} NOT NULL
) {strict};
CREATE INDEX job_state ON job (state, made_ms);
CREATE INDEX job_home ON job (home, made_ms DESC);

{search}
