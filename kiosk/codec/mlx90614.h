/*
 * MLX90614 register words. Source: Melexis datasheet 3901090614 (SMBus read word with PEC,
 * temperature T = raw * 0.02 K, bit 15 of the object word = error flag). Pure.
 */
#ifndef CODEC_MLX90614_H
#define CODEC_MLX90614_H

#include "base/defs.h"

#define MLX90614_ADDRESS 0x5A
#define MLX90614_RAM_AMBIENT 0x06
#define MLX90614_RAM_OBJECT 0x07
#define MLX90614_FLAGS 0xF0
#define MLX90614_FLAG_EE_DEAD 0x20 /* factory calibration is lost */
#define MLX90614_FLAG_INIT 0x10 /* low while the sensor still starts */

/* SMBus packet error code: CRC-8, polynomial 0x07, initial 0. */
uint8_t smbus_pec(const uint8_t *bytes, size_t len);

/* Packet error code of a whole read-word transfer: address, command, address, low, high. */
uint8_t mlx90614_pec(uint8_t address, uint8_t command, uint8_t low, uint8_t high);

enum mlx90614_word { MLX90614_WORD_OK, MLX90614_WORD_BAD_PEC, MLX90614_WORD_ERROR_BIT };

/*
 * Checks the 3-byte answer (low, high, PEC) to a read of command at address. OK: *centi_c is the
 * temperature in 1/100 degree Celsius, rounded to nearest.
 */
enum mlx90614_word mlx90614_decode(uint8_t address, uint8_t command, const uint8_t answer[3],
				   int32_t *centi_c);

/* The answer a sensor would give for a temperature: for simulators and tests. */
void mlx90614_encode(uint8_t address, uint8_t command, int32_t centi_c, uint8_t answer[3]);

#endif
