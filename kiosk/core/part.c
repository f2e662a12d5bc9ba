#include "core/part.h"

#define KIB 1024U

const struct part_row PART[PART_COUNT_] = {
	[PART_RULEBOOK] = { "rulebook", "rulebook.ini", 128 * KIB },
	[PART_ACCOUNTS] = { "accounts", "accounts.txt", 8 * KIB },
	[PART_REVOKED] = { "revoked", "revoked.txt", 64 * KIB },
	[PART_HOUSEHOLDS] = { "households", "households.txt", 512 * KIB },
	[PART_BLOCKED] = { "blocked", "blocked.txt", 256 * KIB },
	[PART_REGIONS] = { "regions", "regions.txt", 64 * KIB },
	[PART_NOTICES] = { "notices", "notices.bin", 4096 * KIB - 64 * KIB },
	[PART_VEHICLES] = { "vehicles", "vehicles.txt", 256 * KIB },
	[PART_SOUNDS] = { "sounds", "sounds.bin", 4096 * KIB - 64 * KIB },
	[PART_INVITATIONS] = { "invitations", "invitations.txt", 256 * KIB },
};

bool part_is_pack(enum part_kind kind)
{
	return kind == PART_NOTICES || kind == PART_SOUNDS;
}
