/*
 * Slips to paper, one job at a time. A pass that reached the paper is recorded; one that did not
 * stays in the guard's list, to be printed again.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "app.h"
#include "assets/strings.h"
#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"
#include "codec/escpos.h"
#include "core/identity.h"
#include "passes.h"
#include "ui/paper.h"

static void fill_common(struct app *app, struct slip *slip, const struct visit *visit)
{
	const struct board *b = &app->board;

	slip->language = visit->language;
	text_copy(slip->site_zh, sizeof(slip->site_zh), b->site_zh);
	text_copy(slip->site_en, sizeof(slip->site_en), b->site_en);
	text_copy(slip->gate_name, sizeof(slip->gate_name), b->gate_name);
	text_copy(slip->phone, sizeof(slip->phone), b->phone);
	slip->ticket = visit->ticket;
	slip->visit_id = visit->id;
	slip->person_class = visit->person_class;
	identity_mask_name(visit->person.name, slip->name, sizeof(slip->name));
	text_copy(slip->household, sizeof(slip->household), visit->person.household);
	text_copy(slip->plate, sizeof(slip->plate), visit->person.plate);
	text_copy(slip->receipt_code, sizeof(slip->receipt_code), visit->receipt_code);
	text_copy(slip->guard, sizeof(slip->guard), visit->decided_by);
	int64_t issued = visit->decided_ms ? visit->decided_ms : visit->registered_ms;
	civil_format_minute(issued, b->utc_offset_min, slip->issued);
	text_copy(slip->head, sizeof(slip->head), b->head);
}

static void start(struct app *app)
{
	struct print_job *job = &app->printing;
	struct paper_bitmap paper;

	if (!app->printer) {
		app->session.note = NOTE_PRINTER_ABSENT;
		return;
	}
	int err = paper_render(app->ui, &job->slip, &paper);
	if (err) {
		log_error("slip cannot be drawn: errno %d", -err);
		return;
	}
	struct bitmap bitmap = { paper.width_px, paper.height_px, paper.bits };
	size_t cap = escpos_job_bytes(&bitmap);
	uint8_t *bytes = malloc(cap);
	err = bytes ? 0 : -ENOMEM;
	if (!err) {
		size_t len = escpos_encode(&bitmap, bytes, cap);
		err = printer_print(app->printer, bytes, len, app_now(app));
	}
	free(bytes);
	job->under_way = err == 0;
#ifdef GATEHOUSE_SIM
	if (!err) {
		text_copy(app->printed_text, sizeof(app->printed_text), paper.text);
		app->printed_count++;
	}
#endif
	paper_free(&paper);
	if (err) {
		log_warn("slip not printed: errno %d", -err);
		app->session.note = NOTE_PRINTER_ABSENT;
		app_say(app, CLIP_PAPER_OUT);
	}
}

void app_print_pass(struct app *app, const struct visit *visit, bool copy)
{
	struct slip slip = { .kind = SLIP_PASS, .copy = copy };
	struct decision d = visit->decision;
	struct pass pass = pass_of_visit(visit, &app->pass_key, d.pass.uses ? d.pass.uses : 1);

	if (app->printing.under_way) {
		log_warn("printer busy: pass of visit %llu waits in the guard's list",
			 (unsigned long long)visit->id);
		return;
	}
	fill_common(app, &slip, visit);
	civil_format_minute(visit->pass_expires_ms, app->board.utc_offset_min, slip.valid_until);
	char token[PASS_TEXT_BYTES];
	pass_sign(&pass, app->seed, token);
	text_copy(slip.token, sizeof(slip.token), token);
	app->printing.slip = slip;
	app->printing.visit = *visit;
	app->printing.copy = copy;
	start(app);
}

void app_print_refusal(struct app *app, const struct visit *visit)
{
	struct slip slip = { .kind = SLIP_REFUSAL };
	int32_t second = visit->temperature.second_centi_c;

	if (app->printing.under_way) {
		log_warn("printer busy: refusal slip of visit %llu not printed",
			 (unsigned long long)visit->id);
		return;
	}
	fill_common(app, &slip, visit);
	slip.reason_count = visit->decision.reason_count;
	memcpy(slip.reasons, visit->decision.reasons, sizeof(slip.reasons));
	slip.temperature_centi_c = second ? second : visit->temperature.first_centi_c;
	slip.clinical_centi_c = visit->temperature.clinical_centi_c;
	app->printing.slip = slip;
	app->printing.visit = *visit;
	start(app);
}

/* Printed only for an export that is whole and was read back. */
void app_print_receipt(struct app *app, const struct export_result *r)
{
	struct slip slip = { .kind = SLIP_RECEIPT };
	struct visit nobody = { .language = LANGUAGE_ZH };

	if (app->printing.under_way) {
		log_warn("printer busy: the receipt of %s is not printed", r->name);
		return;
	}
	fill_common(app, &slip, &nobody);
	civil_format_minute(app_wall(app), app->board.utc_offset_min, slip.issued);
	text_copy(slip.guard, sizeof(slip.guard), app->export_job.actor);
	text_format(slip.file, sizeof(slip.file), "%s", r->name);
	text_format(slip.events, sizeof(slip.events), "%lld - %lld", (long long)r->first_seq,
		    (long long)r->seq);
	string_export_range(LANGUAGE_ZH, &app->export_job.range, app->board.utc_offset_min,
			    slip.range, sizeof(slip.range));
	text_format(slip.visits, sizeof(slip.visits), "%lld", (long long)r->rows);
	sodium_bin2hex(slip.hash, sizeof(slip.hash), r->archive_hash, sizeof(r->archive_hash));
	sodium_bin2hex(slip.head, sizeof(slip.head), r->head, 8);
	app->printing.slip = slip;
	start(app);
}

void app_print_sheet(struct app *app, struct slip *slip)
{
	const struct visit nobody = { .id = 0 };

	if (app->printing.under_way) {
		app->session.note = NOTE_PRINTER_BUSY;
		return;
	}
	slip->kind = SLIP_SHEET;
	fill_common(app, slip, &nobody);
	app->printing.slip = *slip;
	app->printing.visit = nobody;
	start(app);
}

static enum device_state device_of(enum printer_state state)
{
	static const enum device_state STATE[PRINTER_STATE_COUNT_] = {
		[PRINTER_UNKNOWN] = DEVICE_UNKNOWN,       [PRINTER_READY] = DEVICE_OK,
		[PRINTER_PAPER_LOW] = DEVICE_PAPER_LOW,   [PRINTER_PAPER_END] = DEVICE_PAPER_END,
		[PRINTER_COVER_OPEN] = DEVICE_COVER_OPEN, [PRINTER_ERROR] = DEVICE_FAILED,
		[PRINTER_ABSENT] = DEVICE_ABSENT,         [PRINTER_HUNG] = DEVICE_FAILED,
	};
	return STATE[state];
}

static enum note note_of(enum device_state state)
{
	if (state == DEVICE_PAPER_END)
		return NOTE_PRINTER_PAPER_END;
	return state == DEVICE_COVER_OPEN ? NOTE_PRINTER_COVER_OPEN : NOTE_PRINTER_ABSENT;
}

static void finished(struct app *app, enum printer_result result)
{
	struct print_job *job = &app->printing;

	job->under_way = false;
	if (result == PRINTER_JOB_FAILED) {
		app->session.note = note_of(device_of(printer_state(app->printer)));
		app_say(app, CLIP_PAPER_OUT);
	} else if (job->slip.kind == SLIP_PASS) {
		const char *detail = job->copy                      ? "copy"
				     : result == PRINTER_JOB_UNSURE ? "unsure"
								    : "";
		app_record(app, ENTRY_PASS_PRINTED, FOR_RECORD, &job->visit, 0, detail);
	}
	bool sheet = job->slip.kind == SLIP_SHEET;
	explicit_bzero(job, sizeof(*job));
	if (sheet)
		app_report_printed(app, result != PRINTER_JOB_FAILED);
}

void app_printer_io(struct app *app)
{
	if (!app->printer)
		return;
	enum printer_result result = printer_io(app->printer, app_now(app));
	app_device_state(app, DEVICE_PRINTER, device_of(printer_state(app->printer)));
	if (result != PRINTER_NOTHING)
		finished(app, result);
}
