-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What those who film cannot do, by the door they come in by. Neither truth nor index: a page of the
-- house's own book of doors, and for nobody's eyes but theirs (archive/body.h).
CREATE TABLE body (door TEXT PRIMARY KEY, cannot TEXT NOT NULL) {strict};
