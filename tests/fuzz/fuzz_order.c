/*
 * A text that is an order is the only text of that order, and is safe to print; nobody but the
 * office can make two files that open; and what opens is taken by one gate, once, in its time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/manifest.h"
#include "codec/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[32] = "an office's seed for tests only";

static const char TEXT[] = "gatehouse-order 1\nsite 7\nnumber 12\nlevel lockdown\n"
			   "issued 2026-11-23T08:00:00+08:00\n"
			   "not-after 2026-11-23T18:00:00+08:00\nwhy 12\n";

static void expect(bool good)
{
	if (!good)
		abort();
}

static void check_limits(const struct order *order)
{
	struct moment now = { .wall_ms = order->issued_ms, .clock_trusted = true };
	uint64_t before = order->number - 1;

	expect(order_check(order, order->site, before, &now) == ORDER_GOOD);
	expect(order_check(order, order->site, order->number, &now) == ORDER_OLD_NUMBER);
	expect(order_check(order, order->site ^ 1, before, &now) == ORDER_OTHER_SITE);
	now.wall_ms = order->not_after_ms;
	expect(order_check(order, order->site, before, &now) == ORDER_GOOD);
	now.wall_ms++;
	expect(order_check(order, order->site, before, &now) == ORDER_EXPIRED);
	now.wall_ms = order->issued_ms - ORDER_SLACK_MS - 1;
	expect(order_check(order, order->site, before, &now) == ORDER_NOT_YET);
	now.clock_trusted = false;
	expect(order_check(order, order->site, before, &now) == ORDER_CLOCK_DOUBTFUL);
}

static void as_text(const char *data, size_t size)
{
	struct order order;
	char again[ORDER_MAX];

	if (!order_decode(&order, data, size)) {
		expect(order.number == 0);
		return;
	}
	expect(order_encode(&order, again, sizeof(again)) == size);
	expect(memcmp(again, data, size) == 0);
	expect(utf8_valid(order.why, strlen(order.why)) && !text_has_control(order.why));
	check_limits(&order);
}

/* The input in the place of the signature of a text: only the true one opens it. */
static void as_signature(const char *data, size_t size)
{
	char genuine[ORDER_SIGNATURE_LEN + 1];
	uint8_t key[32];
	struct order order;

	if (size != ORDER_SIGNATURE_LEN || data[size - 1] != '\n')
		return;
	manifest_public(SEED, key);
	order_sign(TEXT, sizeof(TEXT) - 1, SEED, genuine);
	bool same = memcmp(data, genuine, size) == 0;
	enum order_outcome outcome = order_open(&order, TEXT, sizeof(TEXT) - 1, data, size, key);
	expect(outcome == (same ? ORDER_GOOD : ORDER_BAD_SIGNATURE));
	/* and it opens nothing else */
	expect(order_open(&order, TEXT, sizeof(TEXT) - 2, data, size, key) == ORDER_BAD_SIGNATURE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_text((const char *)data, size);
	as_signature((const char *)data, size);
	return 0;
}
