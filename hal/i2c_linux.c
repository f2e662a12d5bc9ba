/*
 * i2c-dev with I2C_RDWR: write and read are one transfer with a repeated start, as SMBus read-word
 * needs. The kernel's own retries are off: the driver above counts its tries. Source: Linux
 * Documentation/i2c/dev-interface.rst and fault-codes.rst.
 */
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "hal/i2c.h"

#define TIMEOUT_10MS 2
#define MESSAGE_BYTES_MAX 8192 /* i2c-dev refuses longer ones */

struct i2c_linux {
	int fd;
};

static int ioctl_retry(int fd, unsigned long request, unsigned long arg)
{
	int got;

	do
		got = ioctl(fd, request, arg);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/*
 * Adapters differ: "nobody answered" is ENXIO by the rules, EREMOTEIO from i2c-bcm2835 and
 * i2c-designware, the two of the Raspberry Pi.
 */
static int port_error(int err)
{
	switch (err) {
	case -ENXIO:
	case -EREMOTEIO:
		return -ENXIO;
	case -ETIMEDOUT:
		return -ETIMEDOUT;
	default:
		return -EIO;
	}
}

static int linux_transfer(void *ctx, uint8_t address, const uint8_t *tx, size_t tx_len, uint8_t *rx,
			  size_t rx_len)
{
	struct i2c_linux *bus = ctx;
	struct i2c_msg messages[2];
	struct i2c_rdwr_ioctl_data transfer = { .msgs = messages };

	assert(tx_len + rx_len > 0 && tx_len <= MESSAGE_BYTES_MAX && rx_len <= MESSAGE_BYTES_MAX);
	if (tx_len > 0)
		messages[transfer.nmsgs++] = (struct i2c_msg){
			.addr = address,
			.len = (uint16_t)tx_len,
			.buf = (uint8_t *)tx, /* read only: no I2C_M_RD */
		};
	if (rx_len > 0)
		messages[transfer.nmsgs++] = (struct i2c_msg){
			.addr = address,
			.flags = I2C_M_RD,
			.len = (uint16_t)rx_len,
			.buf = rx,
		};
	int done = ioctl_retry(bus->fd, I2C_RDWR, (unsigned long)&transfer);
	if (done < 0)
		return port_error(done);
	return done == (int)transfer.nmsgs ? 0 : -EIO;
}

static void linux_close(void *ctx)
{
	struct i2c_linux *bus = ctx;

	close(bus->fd);
	free(bus);
}

static int prepare(int fd)
{
	unsigned long functions = 0;
	int err = ioctl_retry(fd, I2C_FUNCS, (unsigned long)&functions);

	if (err < 0)
		return err;
	if (!(functions & I2C_FUNC_I2C))
		return -ENOTSUP;
	err = ioctl_retry(fd, I2C_TIMEOUT, TIMEOUT_10MS);
	return err < 0 ? err : ioctl_retry(fd, I2C_RETRIES, 0);
}

int i2c_linux_open(struct i2c_port *port, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int err = prepare(fd);
	if (err < 0)
		return err;
	struct i2c_linux *bus = malloc(sizeof(*bus));
	if (!bus)
		return -ENOMEM;
	bus->fd = fd;
	fd = -1;
	*port = (struct i2c_port){ .transfer = linux_transfer, .close = linux_close, .ctx = bus };
	return 0;
}
