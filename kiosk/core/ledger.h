/*
 * The ledgers of the gate: what was disinfected, which medical waste left, which supplies came and
 * went, what happened that must be on record (2·七, 2·八, 2·九, 2·十, 3·一, 3·二·2, 3·二·4, 3·二·6,
 * 4·三·3). One mechanism: a kind is a row of a const table that names its fields, an entry is an
 * event of the register, the screen and the sheet are made from the table. The words of kinds,
 * fields and choices are in the catalogue under "ledger.…".
 *
 * An entry is never edited. A correction is a further entry that names the one it replaces and
 * gives all of its fields anew, or strikes it out; it can be corrected in its turn.
 *
 * No entry holds personal data, because an event is never deleted: persons are named by the number
 * of their visit, whose fields are forgotten in time, and guards by their accounts. Of two names
 * under an incident one is who wrote it and the other a colleague they name: named, not signed.
 *
 * Pure.
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/types.h"

/* Numbers stand in the register, here and below: append, never renumber. */
enum ledger_kind {
	LEDGER_DISINFECTION, /* of a place, in its rhythm */
	LEDGER_CONCURRENT, /* at a spot while the source of infection is there */
	LEDGER_TERMINAL, /* … once it is gone */
	LEDGER_WASTE, /* medical waste that leaves */
	LEDGER_SUPPLY, /* supplies in and out, and counts of them */
	LEDGER_INCIDENT,
	LEDGER_KIND_COUNT_
};

enum ledger_field {
	LEDGER_PLACE, /* enum ledger_place */
	LEDGER_SPOT, /* where concurrent or terminal disinfection is done */
	LEDGER_AGENT,
	LEDGER_STRENGTH,
	LEDGER_METHOD,
	LEDGER_MINUTES, /* it was left to work */
	LEDGER_BAGS,
	LEDGER_WEIGHT, /* tenths of a kg */
	LEDGER_TAKER, /* who took the waste away */
	LEDGER_ITEM, /* enum ledger_item */
	LEDGER_MOVE, /* enum ledger_move */
	LEDGER_QUANTITY, /* in the unit of the item */
	LEDGER_WHAT, /* happened */
	LEDGER_POLICE, /* told at this minute of the day */
	LEDGER_SECOND, /* account of a second person */
	LEDGER_VISIT, /* number of the visit it is about */
	LEDGER_REMARK,
	LEDGER_FIELD_COUNT_
};

/* Choices begin with 1; 0 is none. */
enum ledger_place {
	PLACE_GATE = 1, /* 门岗 */
	PLACE_YARD,
	PLACE_LIFTS,
	PLACE_STAIRS,
	PLACE_HALLS,
	PLACE_BINS,
	PLACE_PARCELS,
	PLACE_OTHER,
	PLACE_END_
};
enum ledger_item {
	ITEM_MASKS = 1,
	ITEM_GLOVES,
	ITEM_DISINFECTANT,
	ITEM_PAPER,
	ITEM_SUITS,
	ITEM_MEDICINE,
	ITEM_END_
};
enum ledger_move {
	MOVE_IN = 1,
	MOVE_OUT,
	MOVE_COUNTED, /* so many there are: from here on it is reckoned */
	MOVE_END_
};

enum ledger_type {
	LEDGER_CHOICE, /* 1 … most */
	LEDGER_NUMBER, /* least … most, with decimals */
	LEDGER_CLOCK, /* typed hhmm, kept as minute of the day */
	LEDGER_ACCOUNT,
	LEDGER_TEXT,
};

struct ledger_field_info {
	const char *word; /* "place" */
	enum ledger_type type;
	int64_t least, most;
	int decimals;
	const char *const *choices; /* of a choice: words, from 1 on */
};
extern const struct ledger_field_info LEDGER_FIELD[LEDGER_FIELD_COUNT_];

struct ledger_kind_info {
	const char *word; /* "disinfection" */
	const char *clause;
	uint32_t required, optional; /* bits of enum ledger_field */
	enum ledger_field subject; /* what it is about: place, item …; a field of type choice */
};
extern const struct ledger_kind_info LEDGER_KIND[LEDGER_KIND_COUNT_];

#define LEDGER_TEXT_BYTES 64

struct ledger {
	enum ledger_kind kind;
	int64_t corrects; /* event of the entry it replaces; 0 = none */
	bool struck; /* a correction without fields: what it names did not happen */
	int64_t was; /* a correction of waste: how many bags the entry said that it replaces */
	uint32_t given; /* bits of enum ledger_field */
	int64_t numbers[LEDGER_FIELD_COUNT_]; /* of those given that are no text */
	char second[ACCOUNT_BYTES], remark[LEDGER_TEXT_BYTES];
};

/* An entry as the register has it. */
struct ledger_row {
	int64_t seq, wall_ms;
	char actor[ACCOUNT_BYTES];
	struct ledger ledger;
	int64_t corrected_by; /* event of the entry that replaces it; 0 = it stands */
};

/* How things stand: when each place was disinfected last, how much there is of each item. */
struct ledger_state {
	int64_t last_ms[PLACE_END_]; /* 0 = never */
	int64_t left[ITEM_END_]; /* below 0: more went out than was ever entered */
	bool known[ITEM_END_]; /* false: nothing was ever entered */
	int32_t counts[LEDGER_KIND_COUNT_]; /* entries that stand */
};

/* What the configuration asks for. */
struct ledger_rhythm {
	int32_t every_h[PLACE_END_]; /* 0: this place is not disinfected on a rhythm */
	int32_t minimum[ITEM_END_]; /* 0: none */
};

static inline bool ledger_has(const struct ledger *ledger, enum ledger_field field)
{
	return (ledger->given >> field & 1) != 0;
}

/* The text of a field of a text's type. */
char *ledger_text(struct ledger *ledger, enum ledger_field field);

/* The first field that is required and not given; LEDGER_FIELD_COUNT_: none. */
enum ledger_field ledger_missing(const struct ledger *ledger);

/* Whether it may stand in the register: what is required is given, nothing else but what is
 * optional, and all of it in its range. A police time or a number says nothing of a person. */
bool ledger_fits(const struct ledger *ledger);

/* Number of the choice it is about; 0 for one that is struck out. */
int64_t ledger_subject(const struct ledger *ledger);

/* What it adds to the number of entries of its kind, and to the bags of waste: 1, 0 for a
 * correction, less than 0 for what is struck out. */
int64_t ledger_adds(const struct ledger *ledger);
int64_t ledger_adds_bags(const struct ledger *ledger);

/* A field's value as typed on the pad: "12.5", "1432". False when it is no such value or not within
 * its range; the ledger is then as it was. */
MUST_CHECK bool ledger_type(struct ledger *ledger, enum ledger_field field, const char *text);

/* … and as shown: "12.5", "14:32"; a text as it is, a choice as its word; "" when not given. */
void ledger_show(const struct ledger *ledger, enum ledger_field field, char *dst, size_t cap);

/* Places that are overdue, items below their minimum, as bits of their numbers. */
uint32_t ledger_overdue(const struct ledger_state *state, const struct ledger_rhythm *rhythm,
			int64_t now_ms);
uint32_t ledger_short(const struct ledger_state *state, const struct ledger_rhythm *rhythm);

#endif
