-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The few films or voices among a hundred thousand photographs, without reading those.
CREATE INDEX item_kind ON item (home, kind, visible, date_from DESC, wall_ms DESC, num DESC);
