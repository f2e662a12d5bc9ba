/*
 * An export as it comes from the stick: a folder with an encrypted archive, a manifest and its
 * signature. Reading one checks everything that can be checked without opening the archive;
 * unpacking decrypts it and holds what comes out against the manifest, part by part, never writing
 * more than the manifest says. Every thing wrong becomes a sentence in the report that names the
 * file.
 */
#ifndef OFFICE_PACKAGE_H
#define OFFICE_PACKAGE_H

#include "codec/manifest.h"
#include "office/key.h"
#include "office/keyring.h"
#include "office/report.h"

struct package {
	struct office_report *report; /* the caller's */
	int dir;
	char id[MANIFEST_FILE_NAME_BYTES]; /* the export's name, without a suffix */
	bool signed_well; /* by the key the manifest names */
	struct manifest manifest;
	int parts[MANIFEST_PARTS_MAX]; /* files open for reading; -1 = not unpacked */
};

/* What was unpacked of one part, mapped for reading. */
struct package_bytes {
	const char *data; /* NULL: could not be had, which was reported */
	size_t len;
};

/* Opens the folder and checks manifest, signature, file names and the archive's size and hash. key
 * is the gate's, NULL = not compared. False: nothing further can be said. To be closed whatever
 * comes back. */
MUST_CHECK bool package_read(struct package *package, const char *path, const uint8_t *key,
			     struct office_report *report);

/* Decrypts the archive. out is the folder the parts are made in; -1 keeps them in memory. False: it
 * could not be unpacked whole. */
MUST_CHECK bool package_unpack(struct package *package, const struct age_keys *keys, int out);

/* Whether the manifest lists this part: a gate of before has fewer. */
MUST_CHECK bool package_has(const struct package *package, const char *name);

/* The part of this name, of a package that was unpacked. Unmapped by package_unmap. */
struct package_bytes package_map(struct package *package, const char *name);
void package_unmap(struct package_bytes *bytes);

void package_close(struct package *package);

#endif
