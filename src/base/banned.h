// SPDX-License-Identifier: AGPL-3.0-or-later
// banned.h: forced into every file. What stands here does not compile: each of
// these has hurt somebody. (The idea is git's.)
#pragma once
#ifndef __ASSEMBLER__
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#undef alloca
#undef strncpy
#undef strcpy
#undef strcat
#pragma GCC poison strcpy strncpy stpcpy strcat strncat sprintf vsprintf gets strtok atoi atol
#pragma GCC poison atoll atof localtime gmtime ctime asctime system popen alloca tmpnam mktemp
#endif
