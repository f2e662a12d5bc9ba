#include <stdlib.h>
#include <string.h>

#include "codec/mlx90614.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* address, command, three bytes of answer: a temperature comes only with a right check byte. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (; size >= 5; data += 5, size -= 5) {
		int32_t centi_c = INT32_MIN;
		uint8_t again[3];
		uint8_t pec = mlx90614_pec(data[0], data[1], data[2], data[3]);
		enum mlx90614_word word = mlx90614_decode(data[0], data[1], data + 2, &centi_c);
		if ((word == MLX90614_WORD_BAD_PEC) != (pec != data[4]))
			abort();
		if ((word == MLX90614_WORD_OK) != (centi_c != INT32_MIN))
			abort();
		if (word != MLX90614_WORD_OK)
			continue;
		mlx90614_encode(data[0], data[1], centi_c, again);
		if (memcmp(again, data + 2, 3) != 0)
			abort();
	}
	return 0;
}
