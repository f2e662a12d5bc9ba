/* The text that names the gate's lines; see gate_gpiod.h for its grammar. */
#include <string.h>

#include "hal/gate_gpiod.h"

static const char *const input_names[LINE_INPUT_COUNT_] = {
	[LINE_BEAM] = "beam",
	[LINE_PRESENCE] = "presence",
	[LINE_GUARD_BUTTON] = "guard",
	[LINE_EMERGENCY] = "emergency",
};

/* A piece of the text; nothing is copied or terminated. */
struct piece {
	const char *at;
	size_t len;
};

static bool piece_is(struct piece p, const char *word)
{
	return p.len == strlen(word) && memcmp(p.at, word, p.len) == 0;
}

/* Decimal digits only. -1 when it is none or too large. */
static int32_t line_number(struct piece p)
{
	int32_t n = 0;

	if (p.len == 0)
		return -1;
	for (size_t i = 0; i < p.len; i++) {
		if (p.at[i] < '0' || p.at[i] > '9')
			return -1;
		n = n * 10 + (p.at[i] - '0');
		if (n > GATE_GPIOD_LINE_MAX)
			return -1;
	}
	return n;
}

static bool line_taken(const struct gate_gpiod_spec *spec, int32_t line)
{
	bool taken = spec->release == line;

	for (int i = 0; i < LINE_INPUT_COUNT_; i++)
		taken |= spec->inputs[i].line == line;
	return taken;
}

/* Takes the suffixes off an input's name, each at most once and only one pull. */
static bool take_suffixes(struct piece *name, struct gate_gpiod_input *input)
{
	for (; name->len > 0; name->len--) {
		char c = name->at[name->len - 1];
		if (c == '!' && !input->active_low)
			input->active_low = true;
		else if (c == '+' && input->pull == GATE_PULL_AS_IS)
			input->pull = GATE_PULL_UP;
		else if (c == '-' && input->pull == GATE_PULL_AS_IS)
			input->pull = GATE_PULL_DOWN;
		else
			return c != '!' && c != '+' && c != '-';
	}
	return false;
}

static bool set_input(struct gate_gpiod_spec *spec, struct piece name, int32_t line)
{
	struct gate_gpiod_input input = { .line = line };

	if (!take_suffixes(&name, &input))
		return false;
	for (int i = 0; i < LINE_INPUT_COUNT_; i++) {
		if (!piece_is(name, input_names[i]) || spec->inputs[i].line >= 0)
			continue;
		spec->inputs[i] = input;
		return true;
	}
	return false;
}

/* One "name=line". */
static bool set_line(struct gate_gpiod_spec *spec, struct piece item)
{
	const char *equals = memchr(item.at, '=', item.len);

	if (!equals)
		return false;
	struct piece name = { item.at, (size_t)(equals - item.at) };
	int32_t line = line_number((struct piece){ equals + 1, item.len - name.len - 1 });
	if (line < 0 || line_taken(spec, line))
		return false;
	if (!piece_is(name, "release"))
		return set_input(spec, name, line);
	if (spec->release >= 0)
		return false;
	spec->release = line;
	return true;
}

int gate_gpiod_parse(struct gate_gpiod_spec *out, const char *spec)
{
	const char *colon = strchr(spec, ':');
	size_t path_len = colon ? (size_t)(colon - spec) : 0;

	*out = (struct gate_gpiod_spec){ .release = -1 };
	for (int i = 0; i < LINE_INPUT_COUNT_; i++)
		out->inputs[i].line = -1;
	if (path_len == 0 || path_len >= sizeof(out->path) || spec[0] != '/')
		return -EINVAL;
	memcpy(out->path, spec, path_len);
	for (const char *at = colon + 1;; at++) {
		size_t len = strcspn(at, ",");
		if (!set_line(out, (struct piece){ at, len }))
			return -EINVAL;
		at += len;
		if (*at == '\0')
			break;
	}
	return out->release >= 0 ? 0 : -EINVAL;
}
