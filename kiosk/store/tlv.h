/*
 * Tag-length-value fields of event bodies: tag u8, length u8, bytes; integers big-endian without
 * leading zero bytes, and a field whose value is nothing (0, "") is not written. Inside a field
 * that holds several numbers these are base-128 varints, least significant group first, signed ones
 * folded so that small magnitudes stay short (0, -1, 1, -2 → 0, 1, 2, 3). Pure.
 */
#ifndef STORE_TLV_H
#define STORE_TLV_H

#include "base/bytes.h"

/* Starts a field; returns the place tlv_end needs. */
size_t tlv_begin(struct writer *w, uint8_t tag);
/* Ends it. A field of more than 255 bytes sets w->bad. */
void tlv_end(struct writer *w, size_t at);

/* Whole fields; nothing is written for 0 and for no bytes. */
void tlv_uint(struct writer *w, uint8_t tag, uint64_t value);
void tlv_bytes(struct writer *w, uint8_t tag, const void *bytes, size_t n);

/* The next field, or false at the end and on a field that runs past it (then r->bad). */
bool tlv_next(struct reader *r, uint8_t *tag, struct reader *value);
/* The integer that fills the field; more than eight bytes sets value->bad. */
uint64_t tlv_read_uint(struct reader *value);

void varint_write(struct writer *w, uint64_t value);
uint64_t varint_read(struct reader *r);
uint64_t zigzag(int64_t value);
int64_t unzigzag(uint64_t value);

#endif
