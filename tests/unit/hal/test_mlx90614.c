#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/mlx90614.h"
#include "hal/i2c.h"
#include "hal/thermometer.h"

#define CALLS_MAX 16

/* What the bus does at one call. */
enum act { GOOD, ABSENT, HUNG, BUS_ERROR, BAD_PEC, ERROR_BIT, ONES, ZEROS };

/* A bus with a sensor on it that follows a script, one act a call, the last one for ever. */
struct bus {
	enum act script[CALLS_MAX];
	int script_len;
	int calls, closed;
	uint8_t commands[CALLS_MAX * 4];
	uint16_t flags;
	int32_t ambient, object;
};

static void word_of(const struct bus *bus, uint8_t command, uint8_t answer[3])
{
	if (command == MLX90614_FLAGS) {
		answer[0] = (uint8_t)bus->flags;
		answer[1] = (uint8_t)(bus->flags >> 8);
		answer[2] = mlx90614_pec(MLX90614_ADDRESS, command, answer[0], answer[1]);
		return;
	}
	assert_true(command == MLX90614_RAM_AMBIENT || command == MLX90614_RAM_OBJECT);
	mlx90614_encode(MLX90614_ADDRESS, command,
			command == MLX90614_RAM_AMBIENT ? bus->ambient : bus->object, answer);
}

static int transfer(void *ctx, uint8_t address, const uint8_t *tx, size_t tx_len, uint8_t *rx,
		    size_t rx_len)
{
	struct bus *bus = ctx;
	int at = bus->calls < bus->script_len ? bus->calls : bus->script_len - 1;

	assert_int_equal(address, MLX90614_ADDRESS);
	assert_int_equal(tx_len, 1);
	assert_int_equal(rx_len, 3);
	assert_true(bus->calls < (int)sizeof(bus->commands));
	bus->commands[bus->calls++] = tx[0];
	word_of(bus, tx[0], rx);
	switch (bus->script[at]) {
	case GOOD:
		return 0;
	case ABSENT:
		return -ENXIO;
	case HUNG:
		return -ETIMEDOUT;
	case BUS_ERROR:
		return -EIO;
	case BAD_PEC:
		rx[2] ^= 0x40;
		return 0;
	case ERROR_BIT:
		rx[1] |= 0x80;
		rx[2] = mlx90614_pec(address, tx[0], rx[0], rx[1]);
		return 0;
	case ONES:
		memset(rx, 0xFF, 3);
		return 0;
	case ZEROS:
		memset(rx, 0, 3);
		return 0;
	}
	return -EIO;
}

static void bus_close(void *ctx)
{
	struct bus *bus = ctx;

	bus->closed++;
}

static struct bus bus_of(int len, const enum act *script)
{
	struct bus bus = { .script_len = len, .flags = 0x10, .ambient = 2125, .object = 3661 };

	memcpy(bus.script, script, (size_t)len * sizeof(*script));
	return bus;
}

static struct thermometer_reading read_once(struct bus *bus)
{
	const struct i2c_port port = { transfer, bus_close, bus };
	struct thermometer t;

	assert_int_equal(mlx90614_open(&t, &port, MLX90614_ADDRESS), 0);
	assert_int_equal(bus->calls, 0); /* nothing is read at opening */
	struct thermometer_reading reading = t.read(t.ctx);
	t.close(t.ctx);
	assert_int_equal(bus->closed, 1);
	return reading;
}

static void expect(enum thermometer_outcome outcome, int calls, int len, const enum act *script)
{
	struct bus bus = bus_of(len, script);
	struct thermometer_reading r = read_once(&bus);

	assert_int_equal(r.outcome, outcome);
	assert_int_equal(bus.calls, calls);
	if (outcome != THERMOMETER_READING) {
		assert_int_equal(r.object_centi_c, 0); /* no stale or half value comes out */
		assert_int_equal(r.ambient_centi_c, 0);
		return;
	}
	assert_int_equal(r.object_centi_c, 3661);
	assert_int_equal(r.ambient_centi_c, 2125);
}

#define EXPECT(outcome, calls, ...)                                                                \
	expect(outcome, calls, ARRAY_LEN(((const enum act[]){ __VA_ARGS__ })),                     \
	       (const enum act[]){ __VA_ARGS__ })

static void test_reading(void **state)
{
	(void)state;
	const enum act good[] = { GOOD };
	struct bus bus = bus_of(1, good);
	struct thermometer_reading r = read_once(&bus);
	assert_int_equal(r.outcome, THERMOMETER_READING);
	assert_int_equal(r.object_centi_c, 3661);
	assert_int_equal(r.ambient_centi_c, 2125);
	assert_memory_equal(bus.commands, "\xF0\x06\x07", 3);
	assert_int_equal(bus.calls, 3);
}

static void test_faults_for_ever(void **state)
{
	(void)state;
	EXPECT(THERMOMETER_ABSENT, 3, ABSENT);
	EXPECT(THERMOMETER_FAILED, 3, HUNG);
	EXPECT(THERMOMETER_FAILED, 3, BUS_ERROR);
	EXPECT(THERMOMETER_BAD_CHECK, 3, BAD_PEC);
	EXPECT(THERMOMETER_BAD_CHECK, 3, ONES);
	EXPECT(THERMOMETER_BAD_CHECK, 3, ZEROS);
}

static void test_fault_then_good(void **state)
{
	(void)state;
	EXPECT(THERMOMETER_READING, 4, BAD_PEC, GOOD);
	EXPECT(THERMOMETER_READING, 4, ABSENT, GOOD);
	EXPECT(THERMOMETER_READING, 5, HUNG, BUS_ERROR, GOOD);
	EXPECT(THERMOMETER_READING, 9, BAD_PEC, BAD_PEC, GOOD, HUNG, HUNG, GOOD, ABSENT, ABSENT,
	       GOOD);
}

static void test_mixed_faults(void **state)
{
	(void)state;
	EXPECT(THERMOMETER_BAD_CHECK, 3, ABSENT, BAD_PEC, ABSENT);
	EXPECT(THERMOMETER_BAD_CHECK, 3, HUNG, HUNG, BAD_PEC);
	EXPECT(THERMOMETER_FAILED, 3, ABSENT, HUNG, ABSENT);
	EXPECT(THERMOMETER_ABSENT, 4, GOOD, ABSENT); /* pulled in the middle */
	EXPECT(THERMOMETER_FAILED, 5, GOOD, GOOD, HUNG);
	EXPECT(THERMOMETER_BAD_CHECK, 5, GOOD, GOOD, BAD_PEC);
}

/* A flagged word is an answer: it is not asked for again. */
static void test_error_bit(void **state)
{
	(void)state;
	EXPECT(THERMOMETER_NO_RESULT, 2, GOOD, ERROR_BIT);
	EXPECT(THERMOMETER_NO_RESULT, 3, GOOD, GOOD, ERROR_BIT);
}

/* Every n-th call fails in every way: one failure never costs the reading. */
static void test_nth_call_fails(void **state)
{
	(void)state;
	const enum act faults[] = { ABSENT, HUNG, BUS_ERROR, BAD_PEC, ONES, ZEROS };
	for (size_t f = 0; f < ARRAY_LEN(faults); f++)
		for (int n = 0; n < 4; n++) {
			enum act script[5] = { GOOD, GOOD, GOOD, GOOD, GOOD };
			script[n] = faults[f];
			expect(THERMOMETER_READING, n < 3 ? 4 : 3, 5, script);
		}
}

static enum thermometer_outcome outcome_of(uint16_t flags, int32_t ambient, int32_t object)
{
	const enum act good[] = { GOOD };
	struct bus bus = bus_of(1, good);

	bus.flags = flags;
	bus.ambient = ambient;
	bus.object = object;
	return read_once(&bus).outcome;
}

static void test_flags(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(0x0010, 2125, 3661), THERMOMETER_READING);
	assert_int_equal(outcome_of(0x0090, 2125, 3661), THERMOMETER_READING); /* EEPROM busy */
	assert_int_equal(outcome_of(0x0030, 2125, 3661), THERMOMETER_NO_RESULT); /* EE_DEAD */
	assert_int_equal(outcome_of(0x0000, 2125, 3661), THERMOMETER_NO_RESULT); /* starting */
}

static void test_ranges(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(0x10, -3999, 3661), THERMOMETER_READING);
	assert_int_equal(outcome_of(0x10, -4001, 3661), THERMOMETER_NO_RESULT);
	assert_int_equal(outcome_of(0x10, 12499, 3661), THERMOMETER_READING);
	assert_int_equal(outcome_of(0x10, 12501, 3661), THERMOMETER_NO_RESULT);
	assert_int_equal(outcome_of(0x10, 2125, -6999), THERMOMETER_READING);
	assert_int_equal(outcome_of(0x10, 2125, -7001), THERMOMETER_NO_RESULT);
	assert_int_equal(outcome_of(0x10, 2125, 38219), THERMOMETER_READING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),         cmocka_unit_test(test_faults_for_ever),
		cmocka_unit_test(test_fault_then_good), cmocka_unit_test(test_mixed_faults),
		cmocka_unit_test(test_error_bit),       cmocka_unit_test(test_nth_call_fails),
		cmocka_unit_test(test_flags),           cmocka_unit_test(test_ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
