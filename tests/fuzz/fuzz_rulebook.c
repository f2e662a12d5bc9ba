/* Any bytes as a rulebook: refused with a message that names the place, or a book the engine can
 * decide with. */
#include <stdlib.h>
#include <string.h>

#include "settings/rulebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rulebook book;
	char message[512] = "";
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	memset(&book, 0, sizeof(book));
	bool good = rulebook_parse(&book, "fuzz", text, size, message, sizeof(message));
	free(text);
	if (!good && strncmp(message, "fuzz:", 5) != 0)
		abort();
	for (int c = 0; c < CLASS_COUNT_; c++) {
		struct fact facts[CHECK_COUNT_] = { 0 };
		struct question q = { .level = LEVEL_CLOSED,
				      .person_class = (enum person_class)c,
				      .facts = facts };
		struct decision d = rules_decide(&book, &q);
		/* with nothing known only a class that passes at once is admitted, and without a
		 * book nobody */
		if (d.verdict == VERDICT_ADMIT && !good)
			abort();
	}
	return 0;
}
