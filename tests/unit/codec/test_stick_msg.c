#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/stick_msg.h"

static uint8_t PACKET[STICK_MSG_MAX];

static const uint8_t BODY[] = "some bytes of an event";

static struct stick_msg sample(enum stick_msg_type type)
{
	struct stick_msg m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	switch (type) {
	case STICK_OPEN:
		m.open = (struct stick_open){ .site = "和平里", .gate = "东门", .site_id = 7 };
		m.open.utc_offset_min = -300;
		m.open.wall_ms = -1;
		m.open.last_seq = INT64_MAX;
		m.open.visits = 12;
		memset(m.open.public_key, 9, sizeof(m.open.public_key));
		break;
	case STICK_EVENT:
		m.event = (struct stick_event){ .seq = 1, .type = 300, .word = "pass-printed" };
		m.event.body = BODY;
		m.event.body_len = sizeof(BODY);
		m.event.clock_trusted = true;
		strcpy(m.event.actor, "甲");
		break;
	case STICK_VISIT:
		m.visit = (struct visit){ .id = UINT64_MAX, .ticket = 5, .state = VISIT_OVERDUE };
		m.visit.person.document_kind = DOCUMENT_FOREIGN_PR;
		strcpy(m.visit.person.name, "德木其格");
		strcpy(m.visit.person.plate, "粤Z1234港");
		m.visit.occupants = 3;
		m.visit.vehicle_visit = UINT64_MAX - 1;
		m.visit.facts[CHECK_APPROVAL].finding = FINDING_BAD;
		m.visit.decision.reason_count = REASONS_MAX;
		m.visit.decision.verdict = VERDICT_ADMIT;
		strcpy(m.visit.decision.reasons[REASONS_MAX - 1].clause, "3·二·1");
		m.visit.temperature.ambient_centi_c = -1204;
		m.visit.pass_printed = true;
		break;
	case STICK_PERSON:
		m.person = (struct stick_person){ .visit_id = 3, .salt = { 1, 2, 3 } };
		strcpy(m.person.person.phone, "013800138000");
		strcpy(m.person.person.plate, "京AD12345");
		m.person.code_digest = UINT64_MAX;
		break;
	case STICK_FINISH:
		m.finish = (struct stick_finish){ .last_seq = 4, .head = { 5 }, .visits = 6 };
		break;
	case STICK_SIGNATURE:
		m.signature.text = "untrusted comment: x\n";
		m.signature.len = 21;
		break;
	case STICK_PROGRESS:
		m.progress_permille = 999;
		break;
	case STICK_MANIFEST:
		m.manifest.text = "gatehouse-export 1\n";
		m.manifest.len = 19;
		break;
	case STICK_DONE:
		strcpy(m.done_name, "gatehouse-东门-20261123-080000-12");
		break;
	case STICK_FAILED:
		m.failed.problem = STICK_PROBLEM_MISMATCH;
		m.failed.error = 28;
		break;
	case STICK_ORDER:
		m.file.found = STICK_FILE_WHOLE;
		m.file.bytes = "gatehouse-order 1\n";
		m.file.len = 18;
		break;
	case STICK_ORDER_SIGNATURE:
	case STICK_BUNDLE:
	case STICK_BUNDLE_SIGNATURE:
		m.file.found = STICK_FILE_UNFIT;
		break;
	case STICK_KEYS:
		m.keys.count = AGE_RECIPIENTS_MAX;
		memset(m.keys.recipients, 0x11, sizeof(m.keys.recipients));
		strcpy(m.keys.passphrase, "口令");
		break;
	case STICK_SECTION:
		m.section = STICK_SECTION_WORKBOOK + STICK_SHEET_PASSES;
		break;
	case STICK_DAY:
		m.day = (struct stick_day){ .state = REPORT_LATE, .changed = true, .inside = -1 };
		m.day.level = LEVEL_LOCKDOWN;
		m.day.level_known = true;
		m.day.signatures.day = 20780;
		m.day.signatures.checked_ms = 7;
		strcpy(m.day.signatures.made_by, "李强");
		m.day.sums[REPORT_ROW_COUNT_ - 1] =
			(struct report_sum){ .period = 3, .total = INT64_MAX };
		break;
	case STICK_PART:
		m.file.kind = PART_BLOCKED;
		m.file.found = STICK_FILE_WHOLE;
		m.file.bytes = "name\tA\t\n";
		m.file.len = 8;
		break;
	default:
		break;
	}
	return m;
}

static void test_round_trips(void **state)
{
	(void)state;
	for (int t = STICK_OPEN; t <= STICK_DAY; t++) {
		struct stick_msg m = sample((enum stick_msg_type)t), back;
		size_t len = stick_msg_encode(&m, PACKET, sizeof(PACKET));
		assert_true(len > 0);
		assert_true(stick_msg_decode(&back, PACKET, len));
		if (t == STICK_EVENT) {
			assert_memory_equal(back.event.body, BODY, sizeof(BODY));
			back.event.body = BODY;
		} else if (t == STICK_MANIFEST) {
			assert_memory_equal(back.manifest.text, m.manifest.text, 19);
			back.manifest.text = m.manifest.text;
		} else if (t == STICK_SIGNATURE) {
			assert_memory_equal(back.signature.text, m.signature.text, 21);
			back.signature.text = m.signature.text;
		} else if (t == STICK_ORDER || t == STICK_ORDER_SIGNATURE ||
			   (t >= STICK_BUNDLE && t <= STICK_PART)) {
			assert_memory_equal(back.file.bytes, m.file.bytes, m.file.len);
			back.file.bytes = m.file.bytes;
		}
		assert_memory_equal(&back, &m, sizeof(m));
	}
}

static void test_lengths(void **state)
{
	(void)state;
	for (int t = STICK_OPEN; t <= STICK_DAY; t++) {
		struct stick_msg m = sample((enum stick_msg_type)t), back;
		size_t len = stick_msg_encode(&m, PACKET, sizeof(PACKET));
		for (size_t n = 0; n < len; n++) {
			uint8_t *exact = malloc(n + 1);
			assert_non_null(exact);
			memcpy(exact, PACKET, n);
			assert_false(stick_msg_decode(&back, exact, n));
			free(exact);
		}
		PACKET[len] = 0;
		assert_false(stick_msg_decode(&back, PACKET, len + 1));
		for (size_t cap = 0; cap < len; cap++)
			assert_int_equal(stick_msg_encode(&m, PACKET, cap), 0);
	}
}

static void test_unfit(void **state)
{
	struct stick_msg m = sample(STICK_EVENT), back;

	(void)state;
	m.event.body_len = STICK_BODY_MAX + 1;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_EVENT);
	strcpy(m.event.word, "=cmd");
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_VISIT);
	m.visit.state = VISIT_STATE_COUNT_;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_DONE);
	memset(m.done_name, 'a', sizeof(m.done_name));
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_ORDER);
	m.file.found = STICK_FILE_ABSENT; /* what is not there has no bytes */
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_ORDER);
	m.file.len = STICK_BODY_MAX + 1;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_KEYS);
	m.keys.count = AGE_RECIPIENTS_MAX + 1;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_SECTION);
	m.section = STICK_SECTION_COUNT_;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	m = sample(STICK_SIGNATURE);
	m.signature.len = MINISIGN_TEXT_MAX + 1;
	assert_int_equal(stick_msg_encode(&m, PACKET, sizeof(PACKET)), 0);
	PACKET[0] = 99;
	assert_false(stick_msg_decode(&back, PACKET, 1));
	assert_false(
		stick_msg_decode(&back, (const uint8_t *)"\x09\x02\xFF\xFE", 4)); /* not UTF-8 */
	assert_false(stick_msg_decode(&back,
				      (const uint8_t *)"\x09\x02"
						       "a\0",
				      4));
}

/* Which visits stand on which sheet, and where each section goes. */
static void test_sheets(void **state)
{
	struct visit v = { .state = VISIT_WAITING };

	(void)state;
	assert_true(stick_sheet_takes(STICK_SHEET_VISITORS, &v));
	assert_false(stick_sheet_takes(STICK_SHEET_TEMPERATURES, &v));
	assert_false(stick_sheet_takes(STICK_SHEET_REFUSALS, &v));
	assert_false(stick_sheet_takes(STICK_SHEET_PASSES, &v));
	v.temperature.clinical_centi_c = 3650;
	assert_true(stick_sheet_takes(STICK_SHEET_TEMPERATURES, &v));
	v.pass_serial = 1;
	assert_true(stick_sheet_takes(STICK_SHEET_PASSES, &v));
	v.state = VISIT_TURNED_BACK;
	assert_true(stick_sheet_takes(STICK_SHEET_REFUSALS, &v));
	for (int a = 0; a < STICK_SECTION_COUNT_; a++)
		for (int b = 0; b < a; b++)
			assert_int_equal(strcmp(stick_section_part((enum stick_section)a),
						stick_section_part((enum stick_section)b)) == 0,
					 b >= STICK_SECTION_WORKBOOK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_sheets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
