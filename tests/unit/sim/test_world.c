#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include "codec/mlx90614.h"
#include "hal/sim/world.h"
#include "hal/thermometer.h"

static void test_names(void **state)
{
	(void)state;
	static const char *const devices[SIM_DEVICE_COUNT_] = { "camera", "thermometer", "printer",
								"gate",   "speaker",     "stick" };
	static const char *const faults[SIM_FAULT_COUNT_] = {
		"ok",        "absent",    "unplugged",  "hung", "garbage",  "crc",
		"paper-end", "paper-low", "cover-open", "full", "read-only"
	};
	for (int i = 0; i < SIM_DEVICE_COUNT_; i++)
		assert_string_equal(sim_device_name((enum sim_device)i), devices[i]);
	for (int i = 0; i < SIM_FAULT_COUNT_; i++)
		assert_string_equal(sim_fault_name((enum sim_fault)i), faults[i]);
}

static void test_which_fault_for_which_device(void **state)
{
	(void)state;
	for (int d = 0; d < SIM_DEVICE_COUNT_; d++) {
		assert_true(sim_fault_applies((enum sim_device)d, SIM_OK));
		assert_true(sim_fault_applies((enum sim_device)d, SIM_ABSENT));
		assert_true(sim_fault_applies((enum sim_device)d, SIM_UNPLUGGED));
		assert_int_equal(sim_fault_applies((enum sim_device)d, SIM_PAPER_END),
				 d == SIM_PRINTER);
		assert_int_equal(sim_fault_applies((enum sim_device)d, SIM_CRC),
				 d == SIM_THERMOMETER);
		assert_int_equal(sim_fault_applies((enum sim_device)d, SIM_FULL), d == SIM_STICK);
	}
}

/* The real driver above the simulated sensor. */
static struct thermometer_reading read_in(struct sim_world *world)
{
	struct i2c_port port;
	struct thermometer t;

	assert_int_equal(sim_i2c_open(&port, world), 0);
	assert_int_equal(mlx90614_open(&t, &port, MLX90614_ADDRESS), 0);
	struct thermometer_reading reading = t.read(t.ctx);
	t.close(t.ctx);
	return reading;
}

static void test_thermometer(void **state)
{
	(void)state;
	struct sim_world world = { .ambient_centi_c = 2100, .skin_centi_c = 3660 };
	struct thermometer_reading r = read_in(&world);
	assert_int_equal(r.outcome, THERMOMETER_READING);
	assert_in_range(r.object_centi_c, 3659, 3660); /* steps of 0.02 K */
	assert_in_range(r.ambient_centi_c, 2099, 2100);
	world.skin_centi_c = 0; /* nobody in front */
	r = read_in(&world);
	assert_int_equal(r.object_centi_c, r.ambient_centi_c);
	world.skin_centi_c = 3730; /* a threshold set exactly is not exceeded */
	assert_in_range(read_in(&world).object_centi_c, 3729, 3730);
	world.ambient_centi_c = -5000;
	assert_int_equal(read_in(&world).outcome, THERMOMETER_NO_RESULT);
}

static void test_thermometer_faults(void **state)
{
	(void)state;
	static const struct {
		enum sim_fault fault;
		enum thermometer_outcome outcome;
	} cases[] = {
		{ SIM_ABSENT, THERMOMETER_ABSENT }, { SIM_UNPLUGGED, THERMOMETER_ABSENT },
		{ SIM_HUNG, THERMOMETER_FAILED },   { SIM_GARBAGE, THERMOMETER_BAD_CHECK },
		{ SIM_CRC, THERMOMETER_BAD_CHECK }, { SIM_OK, THERMOMETER_READING },
	};
	struct sim_world world = { .ambient_centi_c = 2100, .skin_centi_c = 3660 };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world.fault[SIM_THERMOMETER] = cases[i].fault;
		assert_int_equal(read_in(&world).outcome, cases[i].outcome);
	}
}

/* Garbage never carries a good check byte, and is not one word for ever. */
static void test_garbage_is_garbage(void **state)
{
	(void)state;
	struct sim_world world = { .ambient_centi_c = 2100 };
	struct i2c_port port;
	const uint8_t command = MLX90614_RAM_OBJECT;
	uint8_t answer[3], first[3] = { 0 };
	int differ = 0;
	world.fault[SIM_THERMOMETER] = SIM_GARBAGE;
	assert_int_equal(sim_i2c_open(&port, &world), 0);
	for (int i = 0; i < 10000; i++) {
		assert_int_equal(port.transfer(port.ctx, MLX90614_ADDRESS, &command, 1, answer, 3),
				 0);
		assert_int_not_equal(answer[2],
				     mlx90614_pec(MLX90614_ADDRESS, command, answer[0], answer[1]));
		if (i == 0)
			memcpy(first, answer, 3);
		differ += memcmp(first, answer, 3) != 0;
	}
	assert_true(differ > 9900);
	world.fault[SIM_THERMOMETER] = SIM_OK;
	assert_int_equal(port.transfer(port.ctx, 0x29, &command, 1, answer, 3), -ENXIO);
	port.close(port.ctx);
}

static void test_gate(void **state)
{
	(void)state;
	struct sim_world world = { .input_pipe = { -1, -1 } };
	struct gate_line line;
	assert_int_equal(sim_gate_open(&line, &world), 0);
	assert_int_equal(line.release(line.ctx, false), 0);
	assert_int_equal(world.gate_pulses, 0);
	assert_int_equal(line.release(line.ctx, true), 0);
	assert_int_equal(line.release(line.ctx, true), 0); /* still the same pulse */
	assert_true(world.gate_released);
	assert_int_equal(world.gate_pulses, 1);
	assert_int_equal(line.release(line.ctx, false), 0);
	assert_int_equal(line.release(line.ctx, true), 0);
	assert_int_equal(world.gate_pulses, 2);
	line.close(line.ctx);
	assert_false(world.gate_released); /* closing closes */
	assert_int_equal(world.input_pipe[0], -1);
}

static void test_gate_faults(void **state)
{
	(void)state;
	struct sim_world world = { .input_pipe = { -1, -1 } };
	struct gate_line line;
	world.fault[SIM_GATE] = SIM_ABSENT;
	assert_int_equal(sim_gate_open(&line, &world), -ENODEV);
	world.fault[SIM_GATE] = SIM_OK;
	assert_int_equal(sim_gate_open(&line, &world), 0);
	assert_int_equal(line.release(line.ctx, true), 0);
	world.fault[SIM_GATE] = SIM_UNPLUGGED;
	assert_int_equal(line.release(line.ctx, true), -EIO);
	assert_false(world.gate_released);
	world.fault[SIM_GATE] = SIM_ABSENT;
	assert_int_equal(line.release(line.ctx, true), -ENODEV);
	world.fault[SIM_GATE] = SIM_HUNG;
	assert_int_equal(line.release(line.ctx, true), -ETIMEDOUT);
	assert_int_equal(world.gate_pulses, 1);
	line.close(line.ctx);
}

static void test_inputs(void **state)
{
	(void)state;
	struct sim_world world = { .input_pipe = { -1, -1 } };
	struct gate_line line;
	struct line_event event;
	sim_input(&world, LINE_BEAM, true); /* before anyone listens: lost, not a crash */
	assert_int_equal(sim_gate_open(&line, &world), 0);
	struct pollfd pfd = { .fd = line.event_fd(line.ctx), .events = POLLIN };
	assert_int_equal(poll(&pfd, 1, 0), 0);
	assert_int_equal(line.next_event(line.ctx, &event), 0);
	for (int i = 0; i < LINE_INPUT_COUNT_; i++) {
		sim_input(&world, (enum line_input)i, true);
		sim_input(&world, (enum line_input)i, false);
	}
	assert_int_equal(poll(&pfd, 1, 0), 1);
	for (int i = 0; i < LINE_INPUT_COUNT_ * 2; i++) {
		assert_int_equal(line.next_event(line.ctx, &event), 1);
		assert_int_equal(event.input, i / 2);
		assert_int_equal(event.active, i % 2 == 0);
	}
	assert_int_equal(line.next_event(line.ctx, &event), 0);
	for (int i = 0; i < 100000; i++) /* nobody reads: bounded, never blocks */
		sim_input(&world, LINE_BEAM, i % 2);
	line.close(line.ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_which_fault_for_which_device),
		cmocka_unit_test(test_thermometer),
		cmocka_unit_test(test_thermometer_faults),
		cmocka_unit_test(test_garbage_is_garbage),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_gate_faults),
		cmocka_unit_test(test_inputs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
