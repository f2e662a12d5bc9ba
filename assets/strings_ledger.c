/* The words of the ledgers' kinds, fields and choices. */
#include "assets/strings.h"
#include "base/text.h"

static const enum string_id KINDS[LEDGER_KIND_COUNT_] = {
	[LEDGER_DISINFECTION] = STR_LEDGER_KIND_DISINFECTION,
	[LEDGER_CONCURRENT] = STR_LEDGER_KIND_CONCURRENT,
	[LEDGER_TERMINAL] = STR_LEDGER_KIND_TERMINAL,
	[LEDGER_WASTE] = STR_LEDGER_KIND_WASTE,
	[LEDGER_SUPPLY] = STR_LEDGER_KIND_SUPPLY,
	[LEDGER_INCIDENT] = STR_LEDGER_KIND_INCIDENT,
};

static const enum string_id FIELDS[LEDGER_FIELD_COUNT_] = {
	[LEDGER_PLACE] = STR_LEDGER_FIELD_PLACE,   [LEDGER_SPOT] = STR_LEDGER_FIELD_SPOT,
	[LEDGER_AGENT] = STR_LEDGER_FIELD_AGENT,   [LEDGER_STRENGTH] = STR_LEDGER_FIELD_STRENGTH,
	[LEDGER_METHOD] = STR_LEDGER_FIELD_METHOD, [LEDGER_MINUTES] = STR_LEDGER_FIELD_MINUTES,
	[LEDGER_BAGS] = STR_LEDGER_FIELD_BAGS,     [LEDGER_WEIGHT] = STR_LEDGER_FIELD_WEIGHT,
	[LEDGER_TAKER] = STR_LEDGER_FIELD_TAKER,   [LEDGER_ITEM] = STR_LEDGER_FIELD_ITEM,
	[LEDGER_MOVE] = STR_LEDGER_FIELD_MOVE,     [LEDGER_QUANTITY] = STR_LEDGER_FIELD_QUANTITY,
	[LEDGER_WHAT] = STR_LEDGER_FIELD_WHAT,     [LEDGER_POLICE] = STR_LEDGER_FIELD_POLICE,
	[LEDGER_SECOND] = STR_LEDGER_FIELD_SECOND, [LEDGER_VISIT] = STR_LEDGER_FIELD_VISIT,
	[LEDGER_REMARK] = STR_LEDGER_FIELD_REMARK,
};

static const enum string_id PLACES[] = {
	STR_NONE,
	STR_LEDGER_PLACE_GATE,
	STR_LEDGER_PLACE_YARD,
	STR_LEDGER_PLACE_LIFTS,
	STR_LEDGER_PLACE_STAIRS,
	STR_LEDGER_PLACE_HALLS,
	STR_LEDGER_PLACE_BINS,
	STR_LEDGER_PLACE_PARCELS,
	STR_LEDGER_PLACE_OTHER,
};
static const enum string_id SPOTS[] = {
	STR_NONE,
	STR_LEDGER_SPOT_FLAT,
	STR_LEDGER_SPOT_STAIRWELL,
	STR_LEDGER_SPOT_BUILDING,
	STR_LEDGER_SPOT_SITE,
	STR_LEDGER_SPOT_OTHER,
};
static const enum string_id AGENTS[] = {
	STR_NONE,
	STR_LEDGER_AGENT_CHLORINE,
	STR_LEDGER_AGENT_ALCOHOL,
	STR_LEDGER_AGENT_PEROXIDE,
	STR_LEDGER_AGENT_QUAT,
	STR_LEDGER_AGENT_ULTRAVIOLET,
	STR_LEDGER_AGENT_OTHER,
};
static const enum string_id STRENGTHS[] = {
	STR_NONE,
	STR_LEDGER_STRENGTH_250_MG_L,
	STR_LEDGER_STRENGTH_500_MG_L,
	STR_LEDGER_STRENGTH_1000_MG_L,
	STR_LEDGER_STRENGTH_2000_MG_L,
	STR_LEDGER_STRENGTH_75_PERCENT,
	STR_LEDGER_STRENGTH_3_PERCENT,
	STR_LEDGER_STRENGTH_OTHER,
};
static const enum string_id METHODS[] = {
	STR_NONE,
	STR_LEDGER_METHOD_WIPED,
	STR_LEDGER_METHOD_SPRAYED,
	STR_LEDGER_METHOD_SOAKED,
	STR_LEDGER_METHOD_FOGGED,
	STR_LEDGER_METHOD_IRRADIATED,
};
static const enum string_id TAKERS[] = {
	STR_NONE,
	STR_LEDGER_TAKER_SANITATION,
	STR_LEDGER_TAKER_DISPOSAL,
	STR_LEDGER_TAKER_HOSPITAL,
	STR_LEDGER_TAKER_OTHER,
};
static const enum string_id ITEMS[] = {
	STR_NONE,
	STR_LEDGER_ITEM_MASKS,
	STR_LEDGER_ITEM_GLOVES,
	STR_LEDGER_ITEM_DISINFECTANT,
	STR_LEDGER_ITEM_PAPER,
	STR_LEDGER_ITEM_SUITS,
	STR_LEDGER_ITEM_MEDICINE,
};
static const enum string_id MOVES[] = {
	STR_NONE,
	STR_LEDGER_MOVE_IN,
	STR_LEDGER_MOVE_OUT,
	STR_LEDGER_MOVE_COUNTED,
};
static const enum string_id WHATS[] = {
	STR_NONE,
	STR_LEDGER_WHAT_REFUSED_MEASUREMENT,
	STR_LEDGER_WHAT_CONCEALED,
	STR_LEDGER_WHAT_FORCED,
	STR_LEDGER_WHAT_GATHERING,
	STR_LEDGER_WHAT_DISPUTE,
	STR_LEDGER_WHAT_LEFT_HOME,
	STR_LEDGER_WHAT_OTHER,
};
static const enum string_id UNITS[] = {
	STR_NONE,
	STR_LEDGER_ITEM_UNIT_MASKS,
	STR_LEDGER_ITEM_UNIT_GLOVES,
	STR_LEDGER_ITEM_UNIT_DISINFECTANT,
	STR_LEDGER_ITEM_UNIT_PAPER,
	STR_LEDGER_ITEM_UNIT_SUITS,
	STR_LEDGER_ITEM_UNIT_MEDICINE,
};

#define CHOICES(list)                                                                              \
	{                                                                                          \
		list, ARRAY_LEN(list)                                                              \
	}
static const struct {
	const enum string_id *ids;
	size_t count;
} CHOICES_OF[LEDGER_FIELD_COUNT_] = {
	[LEDGER_PLACE] = CHOICES(PLACES),   [LEDGER_SPOT] = CHOICES(SPOTS),
	[LEDGER_AGENT] = CHOICES(AGENTS),   [LEDGER_STRENGTH] = CHOICES(STRENGTHS),
	[LEDGER_METHOD] = CHOICES(METHODS), [LEDGER_TAKER] = CHOICES(TAKERS),
	[LEDGER_ITEM] = CHOICES(ITEMS),     [LEDGER_MOVE] = CHOICES(MOVES),
	[LEDGER_WHAT] = CHOICES(WHATS),
};

const char *string_ledger_kind(enum language language, enum ledger_kind kind)
{
	return string_get(language, (unsigned)kind < LEDGER_KIND_COUNT_ ? KINDS[kind] : STR_NONE);
}

const char *string_ledger_field(enum language language, enum ledger_field field)
{
	return string_get(language,
			  (unsigned)field < LEDGER_FIELD_COUNT_ ? FIELDS[field] : STR_NONE);
}

const char *string_ledger_choice(enum language language, enum ledger_field field, int64_t choice)
{
	bool known = (unsigned)field < LEDGER_FIELD_COUNT_ && choice >= 0 &&
		     (size_t)choice < CHOICES_OF[field].count;

	return string_get(language, known ? CHOICES_OF[field].ids[choice] : STR_NONE);
}

const char *string_ledger_unit(enum language language, int64_t item)
{
	bool known = item >= 0 && item < (int64_t)ARRAY_LEN(UNITS);

	return string_get(language, known ? UNITS[item] : STR_NONE);
}

void string_ledger_value(enum language language, const struct ledger *ledger,
			 enum ledger_field field, char *dst, size_t cap)
{
	static const enum string_id WITH_UNIT[LEDGER_FIELD_COUNT_] = {
		[LEDGER_MINUTES] = STR_LEDGER_UNIT_MINUTES,
		[LEDGER_BAGS] = STR_LEDGER_UNIT_BAGS,
		[LEDGER_WEIGHT] = STR_LEDGER_UNIT_WEIGHT,
	};
	char plain[LEDGER_TEXT_BYTES];

	ledger_show(ledger, field, plain, sizeof(plain));
	if (!ledger_has(ledger, field))
		dst[0] = '\0';
	else if (LEDGER_FIELD[field].type == LEDGER_CHOICE)
		text_copy(dst, cap, string_ledger_choice(language, field, ledger->numbers[field]));
	else if (WITH_UNIT[field])
		string_fill(dst, cap, string_get(language, WITH_UNIT[field]), plain, NULL);
	else if (field == LEDGER_QUANTITY)
		text_format(dst, cap, "%s %s", plain,
			    string_ledger_unit(language, ledger->numbers[LEDGER_ITEM]));
	else
		text_copy(dst, cap, plain);
}
