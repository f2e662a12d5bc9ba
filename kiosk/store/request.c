#include "store/request.h"

#include <string.h>

#include "store/receipt.h"
#include "store/retention.h"
#include "store/tries.h"

/* One more try on the count, or the wait until the next one. */
static int admit(struct register_db *db, const struct entry *when, struct request *request)
{
	struct pin_clock clock;
	int64_t paid_ms;
	int r = tries_tick(db, when, &clock);

	if (r == 0)
		r = tries_paid(db, TRIES_RECEIPT, &paid_ms);
	if (r)
		return r;
	request->wait_s = tries_seconds(pin_paid_wait_ms(paid_ms, clock.now_ms));
	if (request->wait_s > 0)
		return 0;
	return tries_pay(db, TRIES_RECEIPT, pin_paid_after_try(paid_ms, clock.now_ms));
}

static int take_back(struct register_db *db)
{
	int64_t paid_ms;
	int r = tries_paid(db, TRIES_RECEIPT, &paid_ms);

	return r ? r : tries_pay(db, TRIES_RECEIPT, pin_paid_after_right(paid_ms));
}

int register_request(struct register_db *db, const char *typed, const struct entry *when,
		     struct request *request)
{
	char code[RECEIPT_CODE_BYTES];
	int r;

	*request = (struct request){ .outcome = REQUEST_MISTYPED };
	if (!receipt_code_read(typed, code))
		return 0;
	r = txn_begin(db);
	if (r == 0)
		r = txn_end(db, admit(db, when, request));
	if (r)
		return r;
	request->outcome = REQUEST_LOCKED;
	if (request->wait_s > 0)
		return 0;
	r = register_find_receipt(db, code, &request->visit_id);
	explicit_bzero(code, sizeof(code));
	request->outcome = r ? REQUEST_UNKNOWN : REQUEST_FOUND;
	if (r)
		return r == -ENOENT ? 0 : r;
	r = txn_begin(db);
	return r ? r : txn_end(db, take_back(db));
}
