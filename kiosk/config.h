/*
 * The machine's configuration: which site, which devices, which rulebook. Read once at start; a
 * broken line is named by file and line and the kiosk refuses to start half-configured.
 */
#ifndef KIOSK_CONFIG_H
#define KIOSK_CONFIG_H

#include "codec/age.h"
#include "core/sounds.h"
#include "core/types.h"
#include "store/retention.h"

#define CONFIG_PATH_BYTES 256
#define CONFIG_ACCOUNTS_MAX 8
#define CONFIG_KEY_BYTES 32
#define CONFIG_QUIET_FROM_MIN 1260 /* 21:00 and 07:00: where it does not say */
#define CONFIG_QUIET_UNTIL_MIN 420
#define CONFIG_REPORT_DUE_MIN 570 /* 09:30, where the configuration does not say */

struct config_account {
	char name[ACCOUNT_BYTES];
	enum role role;
	char pin[16];
};

struct config {
	char site_zh[64], site_en[64], gate_name[32], phone[32], leader[64], on_duty[96];
	uint32_t site_id;
	int32_t utc_offset_min;
	enum level level;
	int32_t report_due_min; /* after midnight: when a day's report must be made and checked */
	struct quiet quiet; /* when no broadcast is played */
	int32_t volume_percent; /* of the speaker */
	/* "backend:place", see hal/backends.h; "none" for a device this gate does not have */
	char camera[128], thermometer[128], gate[160], printer[128], speaker[128], stick[128];
	struct retention retention; /* days; [retention] may leave them to the defaults */
	struct ledger_rhythm rhythm; /* [disinfection] and [supplies]: core/ledger.h */
	char rulebook[CONFIG_PATH_BYTES]; /* absolute, or relative to the configuration file */
	/* Ed25519: whose signed orders this gate takes; all zero = nobody's. */
	uint8_t office_key[CONFIG_KEY_BYTES];
	struct age_to office; /* who can read an export; nobody: none is made */
	/* Accounts with PINs in plain text: demonstration builds only. */
	int account_count;
	struct config_account accounts[CONFIG_ACCOUNTS_MAX];
};

/* message (cap bytes) says "file:line: why" when false comes back; *config is then untouched.
 * Blocking. */
MUST_CHECK bool config_read(struct config *config, const char *path, char *message, size_t cap);

#endif
