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

#define SKIPPED 77

static void test_cannot_open(void **state)
{
	(void)state;
	struct i2c_port port = { .ctx = state };
	assert_int_equal(i2c_linux_open(&port, "/nonexistent/i2c-1"), -ENOENT);
	assert_int_equal(i2c_linux_open(&port, "/dev/null"), -ENOTTY);
	assert_ptr_equal(port.ctx, state); /* nothing is handed out */
}

#ifdef HAVE_UMOCKDEV

#include <linux/i2c-dev.h>
#include <linux/i2c.h>

#include <umockdev.h>

/* The kernel's side of /dev/i2c-7; its handler runs in umockdev's thread, between our calls. */
struct adapter {
	UMockdevTestbed *bed;
	unsigned long functions;
	int error; /* of I2C_RDWR */
	int done; /* messages said to be done; -1: all */
	unsigned long timeout, retries;
	int transfers, messages;
	struct i2c_msg last[2];
	uint8_t sent[8];
	bool unexpected;
};

static int answer_transfer(struct adapter *a, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *rdwr =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(struct i2c_rdwr_ioctl_data), NULL);
	struct i2c_rdwr_ioctl_data head;
	memcpy(&head, rdwr->data, sizeof(head));
	UMockdevIoctlData *list =
		umockdev_ioctl_data_resolve(rdwr, offsetof(struct i2c_rdwr_ioctl_data, msgs),
					    head.nmsgs * sizeof(struct i2c_msg), NULL);
	uint8_t command = 0;

	a->transfers++;
	a->messages = (int)head.nmsgs;
	for (unsigned i = 0; i < head.nmsgs && i < 2; i++) {
		memcpy(&a->last[i], list->data + i * sizeof(struct i2c_msg),
		       sizeof(struct i2c_msg));
		UMockdevIoctlData *buf = umockdev_ioctl_data_resolve(
			list, i * sizeof(struct i2c_msg) + offsetof(struct i2c_msg, buf),
			a->last[i].len, NULL);
		if (a->last[i].flags & I2C_M_RD) {
			uint8_t answer[3] = { 0xD2, 0x3A, 0x30 };
			if (command == MLX90614_FLAGS) {
				answer[0] = 0x10;
				answer[1] = 0;
				answer[2] = mlx90614_pec(0x5A, command, 0x10, 0);
			} else if (command == MLX90614_RAM_AMBIENT) {
				mlx90614_encode(0x5A, command, 2101, answer);
			}
			umockdev_ioctl_data_update(buf, 0, answer, a->last[i].len);
		} else {
			memcpy(a->sent, buf->data, a->last[i].len);
			command = a->sent[0];
		}
		umockdev_ioctl_data_unref(buf);
	}
	umockdev_ioctl_data_unref(list);
	umockdev_ioctl_data_unref(rdwr);
	return a->done >= 0 ? a->done : (int)head.nmsgs;
}

static gboolean handle(UMockdevIoctlBase *base, UMockdevIoctlClient *client, struct adapter *a)
{
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client), *out;
	unsigned long value;

	(void)base;
	memcpy(&value, arg->data, sizeof(value));
	switch (umockdev_ioctl_client_get_request(client)) {
	case I2C_FUNCS:
		out = umockdev_ioctl_data_resolve(arg, 0, sizeof(a->functions), NULL);
		umockdev_ioctl_data_update(out, 0, (guint8 *)&a->functions, sizeof(a->functions));
		umockdev_ioctl_data_unref(out);
		umockdev_ioctl_client_complete(client, 0, 0);
		return TRUE;
	case I2C_TIMEOUT:
		a->timeout = value;
		umockdev_ioctl_client_complete(client, 0, 0);
		return TRUE;
	case I2C_RETRIES:
		a->retries = value;
		umockdev_ioctl_client_complete(client, 0, 0);
		return TRUE;
	case I2C_RDWR:
		if (a->error)
			umockdev_ioctl_client_complete(client, -1, a->error);
		else
			umockdev_ioctl_client_complete(client, answer_transfer(a, arg), 0);
		return TRUE;
	default:
		a->unexpected = true;
		umockdev_ioctl_client_complete(client, -1, ENOTTY);
		return TRUE;
	}
}

static int set_up(void **state)
{
	struct adapter *a = calloc(1, sizeof(*a));
	UMockdevIoctlBase *handler = umockdev_ioctl_base_new();

	if (!a)
		return -1;
	a->bed = umockdev_testbed_new();
	a->functions = I2C_FUNC_I2C;
	a->done = -1;
	a->timeout = a->retries = 99;
	g_signal_connect(handler, "handle-ioctl", G_CALLBACK(handle), a);
	*state = a;
	bool ok = umockdev_testbed_add_from_string(a->bed,
						   "P: /devices/platform/i2c-7/i2c-dev/i2c-7\n"
						   "N: i2c-7\n"
						   "E: DEVNAME=/dev/i2c-7\n"
						   "E: SUBSYSTEM=i2c-dev\n\n",
						   NULL) &&
		  umockdev_testbed_attach_ioctl(a->bed, "/dev/i2c-7", handler, NULL);
	g_object_unref(handler);
	return ok ? 0 : -1;
}

static int tear_down(void **state)
{
	struct adapter *a = *state;

	umockdev_testbed_detach_ioctl(a->bed, "/dev/i2c-7", NULL);
	g_object_unref(a->bed);
	free(a);
	return 0;
}

static void test_open_prepares_the_adapter(void **state)
{
	struct adapter *a = *state;
	struct i2c_port port;
	assert_int_equal(i2c_linux_open(&port, "/dev/i2c-7"), 0);
	assert_int_equal(a->timeout, 2); /* tens of milliseconds */
	assert_int_equal(a->retries, 0);
	assert_false(a->unexpected);
	port.close(port.ctx);
	a->functions = I2C_FUNC_SMBUS_READ_WORD_DATA;
	assert_int_equal(i2c_linux_open(&port, "/dev/i2c-7"), -ENOTSUP);
}

static void test_transfer(void **state)
{
	struct adapter *a = *state;
	struct i2c_port port;
	uint8_t tx = 0x07, rx[3] = { 0 };
	assert_int_equal(i2c_linux_open(&port, "/dev/i2c-7"), 0);
	assert_int_equal(port.transfer(port.ctx, 0x5A, &tx, 1, rx, 3), 0);
	assert_memory_equal(rx, "\xD2\x3A\x30", 3);
	assert_int_equal(a->transfers, 1); /* one: nothing can come in between */
	assert_int_equal(a->messages, 2);
	assert_int_equal(a->last[0].addr, 0x5A);
	assert_int_equal(a->last[0].flags, 0);
	assert_int_equal(a->last[0].len, 1);
	assert_int_equal(a->sent[0], 0x07);
	assert_int_equal(a->last[1].addr, 0x5A);
	assert_int_equal(a->last[1].flags, I2C_M_RD);
	assert_int_equal(a->last[1].len, 3);
	const uint8_t write_only[4] = { 0x2E, 0, 0, 0x6F };
	assert_int_equal(port.transfer(port.ctx, 0x5A, write_only, 4, NULL, 0), 0);
	assert_int_equal(a->messages, 1);
	assert_memory_equal(a->sent, write_only, 4);
	assert_int_equal(port.transfer(port.ctx, 0x5A, NULL, 0, rx, 2), 0);
	assert_int_equal(a->messages, 1);
	assert_int_equal(a->last[0].flags, I2C_M_RD);
	port.close(port.ctx);
}

static void test_errors(void **state)
{
	static const struct {
		int kernel, port;
	} cases[] = {
		{ ENXIO, -ENXIO },    { EREMOTEIO, -ENXIO }, { ETIMEDOUT, -ETIMEDOUT },
		{ EIO, -EIO },        { EAGAIN, -EIO },      { EBUSY, -EIO },
		{ EOPNOTSUPP, -EIO }, { ENODEV, -EIO },      { EPROTO, -EIO },
	};
	struct adapter *a = *state;
	struct i2c_port port;
	uint8_t tx = 0x07, rx[3];
	assert_int_equal(i2c_linux_open(&port, "/dev/i2c-7"), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		a->error = cases[i].kernel;
		assert_int_equal(port.transfer(port.ctx, 0x5A, &tx, 1, rx, 3), cases[i].port);
	}
	a->error = 0;
	a->done = 1; /* only the command went out */
	assert_int_equal(port.transfer(port.ctx, 0x5A, &tx, 1, rx, 3), -EIO);
	port.close(port.ctx);
}

/* The whole way of a reading: thermometer driver, i2c-dev, kernel, sensor. */
static void test_thermometer_over_i2c_dev(void **state)
{
	struct adapter *a = *state;
	struct i2c_port port;
	struct thermometer t;
	assert_int_equal(i2c_linux_open(&port, "/dev/i2c-7"), 0);
	assert_int_equal(mlx90614_open(&t, &port, MLX90614_ADDRESS), 0);
	struct thermometer_reading r = t.read(t.ctx);
	assert_int_equal(r.outcome, THERMOMETER_READING);
	assert_int_equal(r.object_centi_c, 2801); /* the datasheet's word */
	assert_int_equal(r.ambient_centi_c, 2101);
	assert_int_equal(a->transfers, 3);
	a->error = EREMOTEIO;
	assert_int_equal(t.read(t.ctx).outcome, THERMOMETER_ABSENT);
	a->error = ETIMEDOUT;
	assert_int_equal(t.read(t.ctx).outcome, THERMOMETER_FAILED);
	t.close(t.ctx);
}

#define MOCKED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static int run_mocked(void)
{
	const struct CMUnitTest tests[] = {
		MOCKED(test_open_prepares_the_adapter),
		MOCKED(test_transfer),
		MOCKED(test_errors),
		MOCKED(test_thermometer_over_i2c_dev),
	};
	const char *preload = getenv("LD_PRELOAD");

	if (!preload || !strstr(preload, "umockdev")) {
		printf("skipped: libumockdev-preload.so.0 is not preloaded\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static int run_mocked(void)
{
	printf("skipped: umockdev was not there when this was built\n");
	return SKIPPED;
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cannot_open) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed ? failed : run_mocked();
}
