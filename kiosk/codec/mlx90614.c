#include "codec/mlx90614.h"

#define KELVIN_OFFSET_CENTI_C 27315
#define RAW_MAX 0x7FFF /* bit 15 is the error flag */

/* SMBus 2.0, 5.4.1: CRC-8 of x^8 + x^2 + x + 1. */
uint8_t smbus_pec(const uint8_t *bytes, size_t len)
{
	uint8_t crc = 0;

	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint8_t)(crc << 1 ^ (crc & 0x80 ? 0x07 : 0));
	}
	return crc;
}

/* SMBus 2.0, 5.5.5 Read Word: the check runs over both address bytes, command and data. */
uint8_t mlx90614_pec(uint8_t address, uint8_t command, uint8_t low, uint8_t high)
{
	uint8_t write_address = (uint8_t)(address << 1);
	const uint8_t all[] = { write_address, command, write_address | 1, low, high };

	return smbus_pec(all, sizeof(all));
}

/* One step is 0.02 K, so hundredths of a degree are exact. */
enum mlx90614_word mlx90614_decode(uint8_t address, uint8_t command, const uint8_t answer[3],
				   int32_t *centi_c)
{
	int32_t raw = answer[1] << 8 | answer[0];

	if (answer[2] != mlx90614_pec(address, command, answer[0], answer[1]))
		return MLX90614_WORD_BAD_PEC;
	if (raw > RAW_MAX)
		return MLX90614_WORD_ERROR_BIT;
	*centi_c = raw * 2 - KELVIN_OFFSET_CENTI_C;
	return MLX90614_WORD_OK;
}

/* Half a step goes down: a temperature set exactly at a threshold does not come out above it. */
void mlx90614_encode(uint8_t address, uint8_t command, int32_t centi_c, uint8_t answer[3])
{
	int64_t raw = ((int64_t)centi_c + KELVIN_OFFSET_CENTI_C) / 2;

	raw = raw < 0 ? 0 : raw > RAW_MAX ? RAW_MAX : raw;
	answer[0] = (uint8_t)raw;
	answer[1] = (uint8_t)(raw >> 8);
	answer[2] = mlx90614_pec(address, command, answer[0], answer[1]);
}
