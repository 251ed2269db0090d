// SPDX-License-Identifier: AGPL-3.0-or-later
// commands.h: every subcommand's function, for the table in commands.c.
#pragma once
#include "cli/cli.h"

int kr_cmd_acts(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_add(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_album(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_answer(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_ask(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_backup(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_body(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_check(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_coach(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_consent(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_demo(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_era(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_export(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_film(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_find(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_init(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_kit(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_mark(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_marks(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_mount(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_person(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_reach(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_rebuild(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_recordings(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_restore(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_restore_archive(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_round(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_serve(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_set(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_settings(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_show(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_sitting(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_trash(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_try(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_user(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_undo(struct kr_cli *cli, int argc, char **argv);
int kr_cmd_worker(struct kr_cli *cli, int argc, char **argv);
