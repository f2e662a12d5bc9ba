/* A text that is a manifest is the only text of that manifest, and is safe to print. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest manifest;
	char again[MANIFEST_MAX];

	if (!manifest_decode(&manifest, (const char *)data, size))
		return 0;
	if (manifest_encode(&manifest, again, sizeof(again)) != size ||
	    memcmp(again, data, size) != 0)
		abort();
	if (text_has_control(manifest.site) || text_has_control(manifest.gate))
		abort();
	if (strchr(manifest.archive.name, '/') || manifest.archive.name[0] == '.')
		abort();
	for (int i = 0; i < manifest.part_count; i++)
		if (strchr(manifest.parts[i].name, '/') || manifest.parts[i].name[0] == '.')
			abort();
	return 0;
}
