#include "core/ledger.h"

#include <string.h>

#include "base/text.h"

#define HOUR_MS INT64_C(3600000)
#define BIT(field) (1U << (field))

static const char *const PLACES[] = {
	[PLACE_GATE] = "gate",       [PLACE_YARD] = "yard",   [PLACE_LIFTS] = "lifts",
	[PLACE_STAIRS] = "stairs",   [PLACE_HALLS] = "halls", [PLACE_BINS] = "bins",
	[PLACE_PARCELS] = "parcels", [PLACE_OTHER] = "other",
};
static const char *const SPOTS[] = { NULL, "flat", "stairwell", "building", "site", "other" };
static const char *const AGENTS[] = { NULL,   "chlorine",    "alcohol", "peroxide",
				      "quat", "ultraviolet", "other" };
static const char *const STRENGTHS[] = { NULL,        "250-mg-l",   "500-mg-l",  "1000-mg-l",
					 "2000-mg-l", "75-percent", "3-percent", "other" };
static const char *const METHODS[] = { NULL, "wiped", "sprayed", "soaked", "fogged", "irradiated" };
static const char *const TAKERS[] = { NULL, "sanitation", "disposal", "hospital", "other" };
static const char *const ITEMS[] = {
	[ITEM_MASKS] = "masks", [ITEM_GLOVES] = "gloves", [ITEM_DISINFECTANT] = "disinfectant",
	[ITEM_PAPER] = "paper", [ITEM_SUITS] = "suits",   [ITEM_MEDICINE] = "medicine",
};
static const char *const MOVES[] = {
	[MOVE_IN] = "in", [MOVE_OUT] = "out", [MOVE_COUNTED] = "counted"
};
static const char *const WHATS[] = { NULL,        "refused-measurement",
				     "concealed", "forced",
				     "gathering", "dispute",
				     "left-home", "other" };

#define CHOICES(word_, list)                                                                       \
	{                                                                                          \
		.word = word_, .type = LEDGER_CHOICE, .least = 1, .most = ARRAY_LEN(list) - 1,     \
		.choices = list                                                                    \
	}

const struct ledger_field_info LEDGER_FIELD[LEDGER_FIELD_COUNT_] = {
	[LEDGER_PLACE] = CHOICES("place", PLACES),
	[LEDGER_SPOT] = CHOICES("spot", SPOTS),
	[LEDGER_AGENT] = CHOICES("agent", AGENTS),
	[LEDGER_STRENGTH] = CHOICES("strength", STRENGTHS),
	[LEDGER_METHOD] = CHOICES("method", METHODS),
	[LEDGER_MINUTES] = { .word = "minutes", .type = LEDGER_NUMBER, .least = 1, .most = 1440 },
	[LEDGER_BAGS] = { .word = "bags", .type = LEDGER_NUMBER, .least = 1, .most = 999 },
	[LEDGER_WEIGHT] = { .word = "weight",
			    .type = LEDGER_NUMBER,
			    .least = 1,
			    .most = 99999,
			    .decimals = 1 },
	[LEDGER_TAKER] = CHOICES("taker", TAKERS),
	[LEDGER_ITEM] = CHOICES("item", ITEMS),
	[LEDGER_MOVE] = CHOICES("move", MOVES),
	[LEDGER_QUANTITY] = { .word = "quantity", .type = LEDGER_NUMBER, .most = 99999 },
	[LEDGER_WHAT] = CHOICES("what", WHATS),
	[LEDGER_POLICE] = { .word = "police", .type = LEDGER_CLOCK, .most = 24 * 60 - 1 },
	[LEDGER_SECOND] = { .word = "second", .type = LEDGER_ACCOUNT },
	[LEDGER_VISIT] = { .word = "visit",
			   .type = LEDGER_NUMBER,
			   .least = 1,
			   .most = INT64_C(999999999) },
	[LEDGER_REMARK] = { .word = "remark", .type = LEDGER_TEXT },
};

#define HOW (BIT(LEDGER_AGENT) | BIT(LEDGER_STRENGTH) | BIT(LEDGER_METHOD) | BIT(LEDGER_MINUTES))

const struct ledger_kind_info LEDGER_KIND[LEDGER_KIND_COUNT_] = {
	[LEDGER_DISINFECTION] = { "disinfection", "2·九, 3·二·4", BIT(LEDGER_PLACE) | HOW,
				  BIT(LEDGER_SECOND) | BIT(LEDGER_REMARK), LEDGER_PLACE },
	[LEDGER_CONCURRENT] = { "concurrent", "4·三·3", BIT(LEDGER_SPOT) | HOW,
				BIT(LEDGER_SECOND) | BIT(LEDGER_VISIT) | BIT(LEDGER_REMARK),
				LEDGER_SPOT },
	[LEDGER_TERMINAL] = { "terminal", "4·三·3", BIT(LEDGER_SPOT) | HOW,
			      BIT(LEDGER_SECOND) | BIT(LEDGER_VISIT) | BIT(LEDGER_REMARK),
			      LEDGER_SPOT },
	[LEDGER_WASTE] = { "waste", "2·八",
			   BIT(LEDGER_BAGS) | BIT(LEDGER_WEIGHT) | BIT(LEDGER_TAKER),
			   BIT(LEDGER_SECOND) | BIT(LEDGER_VISIT) | BIT(LEDGER_REMARK),
			   LEDGER_TAKER },
	[LEDGER_SUPPLY] = { "supply", "2·十, 3·一, 4·三·3",
			    BIT(LEDGER_ITEM) | BIT(LEDGER_MOVE) | BIT(LEDGER_QUANTITY),
			    BIT(LEDGER_SECOND) | BIT(LEDGER_REMARK), LEDGER_ITEM },
	[LEDGER_INCIDENT] = { "incident", "2·七, 3·二·2, 3·二·6",
			      BIT(LEDGER_WHAT) | BIT(LEDGER_SECOND),
			      BIT(LEDGER_POLICE) | BIT(LEDGER_VISIT) | BIT(LEDGER_REMARK),
			      LEDGER_WHAT },
};

static_assert(ARRAY_LEN(PLACES) == PLACE_END_ && ARRAY_LEN(ITEMS) == ITEM_END_ &&
		      ARRAY_LEN(MOVES) == MOVE_END_,
	      "every choice has its word");
static_assert(LEDGER_FIELD_COUNT_ <= 32, "fields are bits of a word");

static bool is_text(enum ledger_field field)
{
	return field == LEDGER_SECOND || field == LEDGER_REMARK;
}

static size_t text_room(enum ledger_field field)
{
	return field == LEDGER_SECOND ? ACCOUNT_BYTES : LEDGER_TEXT_BYTES;
}

char *ledger_text(struct ledger *l, enum ledger_field field)
{
	assert(is_text(field));
	return field == LEDGER_SECOND ? l->second : l->remark;
}

enum ledger_field ledger_missing(const struct ledger *l)
{
	uint32_t missing = l->struck ? 0 : LEDGER_KIND[l->kind].required & ~l->given;

	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (missing >> field & 1)
			return (enum ledger_field)field;
	return LEDGER_FIELD_COUNT_;
}

/* Two readings of one entry must not differ: what is not given is nothing. */
static bool field_fits(const struct ledger *l, enum ledger_field field)
{
	const struct ledger_field_info *info = &LEDGER_FIELD[field];
	bool given = ledger_has(l, field);

	if (is_text(field)) {
		const char *text = field == LEDGER_SECOND ? l->second : l->remark;
		size_t len = strnlen(text, text_room(field));
		return len < text_room(field) && given == (len > 0) && utf8_valid(text, len) &&
		       !text_has_control(text);
	}
	int64_t n = l->numbers[field];
	return given ? n >= info->least && n <= info->most : n == 0;
}

bool ledger_fits(const struct ledger *l)
{
	if (l->kind >= LEDGER_KIND_COUNT_ || l->corrects < 0 || (l->struck && !l->corrects))
		return false;
	uint32_t may = LEDGER_KIND[l->kind].required | LEDGER_KIND[l->kind].optional;
	if ((l->struck ? l->given : l->given & ~may) || ledger_missing(l) != LEDGER_FIELD_COUNT_)
		return false;
	bool of_waste = l->kind == LEDGER_WASTE && l->corrects;
	if (of_waste ? l->was < 1 || l->was > LEDGER_FIELD[LEDGER_BAGS].most : l->was != 0)
		return false;
	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (!field_fits(l, (enum ledger_field)field))
			return false;
	return true;
}

int64_t ledger_subject(const struct ledger *l)
{
	return l->numbers[LEDGER_KIND[l->kind].subject];
}

int64_t ledger_adds(const struct ledger *l)
{
	return l->struck ? -1 : l->corrects ? 0 : 1;
}

int64_t ledger_adds_bags(const struct ledger *l)
{
	return l->kind == LEDGER_WASTE ? l->numbers[LEDGER_BAGS] - l->was : 0;
}

/* Whole digits, and behind a point as many as the field has decimals; -1 when it is no such. */
static int64_t scaled(const char *text, int decimals)
{
	int64_t n = 0;
	int behind = -1;

	for (const char *c = text; *c; c++) {
		if (*c == '.' && behind < 0 && c > text && decimals) {
			behind = 0;
			continue;
		}
		if (*c < '0' || *c > '9' || behind == decimals || n > INT64_C(100000000000))
			return -1;
		n = n * 10 + (*c - '0');
		behind += behind >= 0;
	}
	for (int i = behind < 0 ? 0 : behind; i < decimals; i++)
		n *= 10;
	return n;
}

static int64_t minute_of(const char *text)
{
	int64_t n = strlen(text) == 4 ? scaled(text, 0) : -1;

	return n < 0 || n / 100 > 23 || n % 100 > 59 ? -1 : n / 100 * 60 + n % 100;
}

bool ledger_type(struct ledger *l, enum ledger_field field, const char *text)
{
	const struct ledger_field_info *info = &LEDGER_FIELD[field];

	if (is_text(field)) {
		if (strlen(text) >= text_room(field) || !utf8_valid(text, strlen(text)) ||
		    text_has_control(text))
			return false;
		text_copy(ledger_text(l, field), text_room(field), text);
	} else if (text[0]) {
		int64_t n =
			info->type == LEDGER_CLOCK ? minute_of(text) : scaled(text, info->decimals);
		if (n < info->least || n > info->most)
			return false;
		l->numbers[field] = n;
	} else {
		l->numbers[field] = 0;
	}
	l->given = text[0] ? l->given | BIT(field) : l->given & ~BIT(field);
	return true;
}

void ledger_show(const struct ledger *l, enum ledger_field field, char *dst, size_t cap)
{
	const struct ledger_field_info *info = &LEDGER_FIELD[field];
	int64_t n = l->numbers[field];

	dst[0] = '\0';
	if (!ledger_has(l, field))
		return;
	if (is_text(field))
		text_copy(dst, cap, field == LEDGER_SECOND ? l->second : l->remark);
	else if (info->type == LEDGER_CHOICE)
		text_copy(dst, cap, info->choices[n]);
	else if (info->type == LEDGER_CLOCK)
		text_format(dst, cap, "%02lld:%02lld", (long long)n / 60, (long long)n % 60);
	else if (info->decimals)
		text_format(dst, cap, "%lld.%lld", (long long)n / 10, (long long)n % 10);
	else
		text_format(dst, cap, "%lld", (long long)n);
}

uint32_t ledger_overdue(const struct ledger_state *state, const struct ledger_rhythm *rhythm,
			int64_t now_ms)
{
	uint32_t overdue = 0;

	for (int place = 1; place < PLACE_END_; place++)
		if (rhythm->every_h[place] &&
		    now_ms - state->last_ms[place] > rhythm->every_h[place] * HOUR_MS)
			overdue |= BIT(place);
	return overdue;
}

uint32_t ledger_short(const struct ledger_state *state, const struct ledger_rhythm *rhythm)
{
	uint32_t low = 0;

	for (int item = 1; item < ITEM_END_; item++)
		if (rhythm->minimum[item] && state->left[item] < rhythm->minimum[item])
			low |= BIT(item);
	return low;
}
