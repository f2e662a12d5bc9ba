/*
 * Port seam of an I2C/SMBus: bytes to and from one addressed chip. The Linux backend is i2c-dev;
 * tests and simulators supply their own. Blocking, for at most about 25 ms a call (the Linux
 * backend sets the adapter's time-out); called from the main loop only.
 */
#ifndef HAL_I2C_H
#define HAL_I2C_H

#include "base/defs.h"

struct i2c_port {
	/*
	 * Writes tx[0..tx_len), then, with a repeated start, reads rx_len bytes. 0, or: -ENXIO no
	 * answer at the address, -ETIMEDOUT bus hung, -EIO other. Mandatory.
	 */
	int (*transfer)(void *ctx, uint8_t address, const uint8_t *tx, size_t tx_len, uint8_t *rx,
			size_t rx_len);
	/* Releases ctx. Mandatory. */
	void (*close)(void *ctx);
	void *ctx;
};

/* Opens /dev/i2c-N by i2c-dev's I2C_RDWR. Errors: errno of open, -ENOTSUP when the adapter cannot
 * combine. */
MUST_CHECK int i2c_linux_open(struct i2c_port *port, const char *path);

#endif
