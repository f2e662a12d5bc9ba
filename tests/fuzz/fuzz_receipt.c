/*
 * Receipt codes, as a hand types them. What is accepted is written one way, which reads as itself.
 */
#include <stdlib.h>
#include <string.h>

#include "store/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char typed[64] = "", code[RECEIPT_CODE_BYTES], again[RECEIPT_CODE_BYTES];

	memcpy(typed, data, size < sizeof(typed) - 1 ? size : sizeof(typed) - 1);
	if (!receipt_code_read(typed, code))
		return 0;
	expect(memchr(code, '\0', sizeof(code)) == code + sizeof(code) - 1);
	expect(code[4] == '-' && code[9] == '-');
	expect(receipt_code_read(code, again) && strcmp(code, again) == 0);
	code[0] = code[0] == '0' ? '1' : '0';
	expect(!receipt_code_read(code, again)); /* one character wrong is always found */
	return 0;
}
