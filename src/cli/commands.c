// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cli/commands.h"

// The one list of subcommands, sorted: help and dispatch follow it.
const struct kr_command kr_commands[] = {
    {"acts", "[--limit N]", "cmd.acts", kr_cmd_acts},
    {"add", "PATH...", "cmd.add", kr_cmd_add},
    {"album",
     "[list | add TITLE [ID...] | show ALBUM | rename ALBUM TITLE | put ALBUM ID... | "
     "take ALBUM ID... | order ALBUM ID... | drop ALBUM]",
     "cmd.album", kr_cmd_album},
    {"answer", "CODE|ID FILE|--text TEXT [--for WHO] [--reply-to CLAIM]", "cmd.answer",
     kr_cmd_answer},
    {"ask",
     "ITEM TEXT [--region x,y,w,h] [--span FROM-TO] [--to WHO] [--voice FILE|ID] [--days N] "
     "[--address URL] [--card OUT.jpg] [--round ID --from 0|1] | list [ITEM] [--open|--answered] | "
     "show ID | link ID "
     "[--to WHO] [--days N] [--address URL] [--card OUT.jpg] | beats ID [--answer CLAIM] | "
     "export ID | take-back ID [CLAIM]",
     "cmd.ask", kr_cmd_ask},
    {"backup", "[--state] | [[--all] DEST]", "cmd.backup", kr_cmd_backup},
    {"body", "[rolls,no-elbows,one-hand | none]", "cmd.body", kr_cmd_body},
    {"check", "", "cmd.check", kr_cmd_check},
    {"coach", "FILE [--scene NAME] [--body rolls,no-elbows,one-hand] | --scenes", "cmd.coach",
     kr_cmd_coach},
    {"consent",
     "show WHO | say WHO home|kin|public yes|no [--purpose picture|voice|story] [--until DATE] "
     "[--given self|guardian|proxy] [--how TEXT] | rest WHO | delay WHO DAYS | "
     "ask-first WHO WHOM | avoid WHO person|place|date|item|song|theme WHAT | "
     "take-back WHO CLAIM | release ITEM kin|public yes|no|back | "
     "may ITEM [--audience home|kin|public] [--sitter WHO]",
     "cmd.consent", kr_cmd_consent},
    {"demo", "[DIR]", "cmd.demo", kr_cmd_demo},
    {"era",
     "list [WORDS] [--from YEAR] [--to YEAR] [--pack NAME] [--calm] [--line] | show CARD | "
     "add FOLDER | check [FOLDER]",
     "cmd.era", kr_cmd_era},
    {"export", "files DEST", "cmd.export", kr_cmd_export},
    {"film", "STORY [-o OUT.mp4] [--size 1920x1080] [--force] | --withheld | --without FILM",
     "cmd.film", kr_cmd_film},
    {"find", "[--limit N] QUERY...", "cmd.find", kr_cmd_find},
    {"init", "[--anywhere] [DIR]", "cmd.init", kr_cmd_init},
    {"kit",
     "IN [-o OUT] [--steady] [--light] [--sound] [--footage] [--strength 0..1] [--scene NAME] "
     "[--keep-viewpoint] [--fill] [--mount NAME] [--frame [in-|out-]PLACE[-wide|-close]] "
     "[--force]",
     "cmd.kit", kr_cmd_kit},
    {"mark",
     "ITEM THING [--card CARD] [--region x,y,w,h] [--date 1970s] [--say TEXT] [--voice FILE|ID] "
     "[--certain 0..1] | ITEM --not CLAIM",
     "cmd.mark", kr_cmd_mark},
    {"marks", "[THING | --card CARD]", "cmd.marks", kr_cmd_marks},
    {"mount", "learn NAME CLIP | list | forget NAME", "cmd.mount", kr_cmd_mount},
    {"person",
     "add NAME [--sex f|m|x] [--born DATE] [--died DATE] [--kind KIND] [--lang LANG] | list "
     "[WORDS] | "
     "show WHO | set WHO FIELD=VALUE... | relate WHO KIND WHO [--order elder|younger] | "
     "name-region ITEM CLAIM WHO|--not | picture ITEM WHO [--keyword TEXT] [--not] | items WHO | "
     "kin A B | flags [WHO|ITEM] | frame ITEM X,Y,W,H [WHO] [--kind KIND] [--instead CLAIM] | "
     "unframe ITEM CLAIM | unnamed | unframed | portraits WHO | same-age AGE WHO...",
     "cmd.person", kr_cmd_person},
    {"reach", "", "cmd.reach", kr_cmd_reach},
    {"rebuild", "", "cmd.rebuild", kr_cmd_rebuild},
    {"recordings", "[list | keep ID | drop ID]", "cmd.recordings", kr_cmd_recordings},
    {"restore", "IN [-o OUT] [--steps fade] [--strength 0..1] [--recipe OUT.json] [--force]",
     "cmd.restore", kr_cmd_restore},
    {"restore-archive", "SOURCE DIR", "cmd.restore-archive", kr_cmd_restore_archive},
    {"round", "begin PLACE=WHO,... PLACE=WHO,... | list | show ID | end ID", "cmd.round",
     kr_cmd_round},
    {"serve",
     "[--listen ADDRESS:PORT] [--name NAME]... [--no-worker] | --home [--port N] [--plain-port "
     "N|0] "
     "[--cert FILE --key FILE] [--listen ADDRESS:PORT] [--name NAME]... [--no-worker]",
     "cmd.serve", kr_cmd_serve},
    {"set", "[--certain 0..1] [--act ACT] ID...|--query QUERY FIELD=VALUE...", "cmd.set",
     kr_cmd_set},
    {"settings", "[KEY=VALUE...]", "cmd.settings", kr_cmd_settings},
    {"show", "ID", "cmd.show", kr_cmd_show},
    {"sitting",
     "start [PERSON] [--with WHO] [--log] [--seed N] | offer ID [--after THING] [--step N] "
     "[--seen THING,THING] | again ID THING [--not] | mood ID good|quiet|unhappy | never ID THING "
     "| "
     "end ID | log [--csv] | lit-up PERSON | about PERSON [PART TEXT] | "
     "lint TEXT... | lint --file FILE",
     "cmd.sitting", kr_cmd_sitting},
    {"trash", "[list | put ID... | back ID... | empty [--older-than DAYS] --yes]", "cmd.trash",
     kr_cmd_trash},
    {"try", "[--force] STEP IN OUT", "cmd.try", kr_cmd_try},
    {"undo", "[ACT]", "cmd.undo", kr_cmd_undo},
    {"user",
     "list | add NAME [--role viewer|teller|keeper|owner] [--person WHO] | password NAME | "
     "change NAME [--role ROLE] [--person WHO] | end NAME | forget-devices NAME | "
     "invite [--role guest|viewer|teller|keeper] [--person WHO] [--days N] [--label TEXT] "
     "[--address URL] | invitations | take-back ID | sessions | sign-out ID | homes | "
     "home [ID] NAME",
     "cmd.user", kr_cmd_user},
    {"worker", "[--once]", "cmd.worker", kr_cmd_worker},
};
const size_t kr_commands_count = KR_COUNT(kr_commands);
