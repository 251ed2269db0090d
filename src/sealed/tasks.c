// SPDX-License-Identifier: AGPL-3.0-or-later
#include "sealed/tasks.h"

const struct kr_task kr_tasks[] = {
    {"card", "a question as one picture: [picture, out]", 2, kr_task_card},
    {"coach", "how a film or a recording is heard, lit and held: [in]", 1, kr_task_coach},
    {"film", "a shot list becomes a film: [out, captions, poster, media...]", 3, kr_task_film},
    {"kit", "steady, light, sound on a film or a recording: [in, out]", 2, kr_task_kit},
    {"look", "all that ingest wants to know of a file: [in, thumb256, thumb1024, thumb2048]", 4,
     kr_task_look},
    {"mount", "how what carries a camera leans, trembles and hums: [in]", 1, kr_task_mount},
    {"proxy", "a film or a recording that every browser plays: [in, out]", 2, kr_task_proxy},
    {"remux", "a recording as it is, in a file that tells its length: [in, out]", 2, kr_task_remux},
    {"restore", "restorations on a photograph: [in, out]", 2, kr_task_restore},
    {"scenes", "the scene cards, and every advice: []", 0, kr_task_scenes},
    {"sidecar", "what an XMP side-car says: [in]", 1, kr_task_sidecar},
    {"wish", "whether what is wished of the kit has names that it knows: []", 0, kr_task_wish},
};
const size_t kr_task_count = KR_COUNT(kr_tasks);
