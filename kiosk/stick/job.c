/*
 * The stick's side of an export.
 *
 *   OPEN      temporary folder; visitors.csv, events.csv, persons.csv opened, workbook begun
 *   rows      each becomes a line; events must follow one another without a gap
 *   FINISH    counts and head agree with what came; workbook copied; files flushed; manifest made
 *   SIGNATURE must fit the manifest and the key of OPEN; manifest and signature written
 *   then      everything read back, folder renamed, name flushed, everything read back by its
 *             final name, DONE
 *
 * The reading back before the rename is what keeps a final name from ever standing on a bad export;
 * the one after it is what DONE promises.
 *
 * Any failure removes the folder and is told to the kiosk; older exports are never opened.
 */
#include "stick/job.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "codec/csv.h"
#include "codec/hex.h"
#include "codec/stick_msg.h"
#include "stick/folder.h"
#include "stick/outfile.h"
#include "stick/rows.h"
#include "stick/workbook.h"

enum job_file { FILE_SHEET, FILE_VISITORS, FILE_EVENTS, FILE_PERSONS, FILE_COUNT_ };

static const char *const FILE_NAME[FILE_COUNT_] = {
	[FILE_SHEET] = EXPORT_SHEET_NAME,
	[FILE_VISITORS] = EXPORT_VISITORS_NAME,
	[FILE_EVENTS] = EXPORT_EVENTS_NAME,
	[FILE_PERSONS] = EXPORT_PERSONS_NAME,
};

static_assert(FILE_COUNT_ + 2 <= MANIFEST_FILES_MAX, "files and manifest fit one list");

struct stick_job {
	int socket;
	struct folder folder;
	struct stick_open open;
	struct workbook workbook;
	struct outfile files[FILE_COUNT_];
	struct manifest manifest; /* counts grow as rows come in */
	char text[MANIFEST_MAX]; /* of the manifest */
	size_t text_len;
	int64_t read_back, read_back_total; /* bytes */
	uint8_t packet[STICK_MSG_MAX], line[ROW_MAX];
	struct stick_msg msg; /* the last one received; may point into packet */
};

static int job_send(struct stick_job *job, const struct stick_msg *msg, int flags)
{
	uint8_t packet[STICK_MSG_MAX];
	size_t len = stick_msg_encode(msg, packet, sizeof(packet));

	assert(len > 0);
	return send(job->socket, packet, len, MSG_NOSIGNAL | flags) < 0 ? -errno : 0;
}

/* -ECANCELED when the kiosk has gone, -EPROTO for anything that is not a message. */
static int job_receive(struct stick_job *job)
{
	ssize_t n;

	do
		n = recv(job->socket, job->packet, sizeof(job->packet), MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -ECANCELED;
	if ((size_t)n > sizeof(job->packet) || !stick_msg_decode(&job->msg, job->packet, (size_t)n))
		return -EPROTO;
	return 0;
}

/* Progress is worth no waiting; a kiosk that has gone ends the job. */
static int job_progress(struct stick_job *job, int32_t permille)
{
	struct stick_msg msg = { .type = STICK_PROGRESS, .progress_permille = permille };
	struct pollfd hangup = { .fd = job->socket, .events = POLLRDHUP };

	if (poll(&hangup, 1, 0) > 0)
		return -ECANCELED;
	int err = job_send(job, &msg, MSG_DONTWAIT);
	return err == -EAGAIN ? 0 : err;
}

static struct csv_line begin_line(struct stick_job *job)
{
	return (struct csv_line){ .out = { .data = job->line, .cap = sizeof(job->line) } };
}

static int put_line(struct stick_job *job, enum job_file file, const struct csv_line *line)
{
	if (line->out.bad)
		return -EMSGSIZE;
	return outfile_write(&job->files[file], job->line, line->out.len);
}

static int put_text(struct stick_job *job, enum job_file file, const char *text)
{
	return outfile_write(&job->files[file], text, strlen(text));
}

static int open_files(struct stick_job *job)
{
	int err = 0;

	for (int i = 0; !err && i < FILE_COUNT_; i++)
		err = outfile_open(&job->files[i], job->folder.fd, FILE_NAME[i]);
	if (!err)
		err = put_text(job, FILE_VISITORS, CSV_BOM);
	if (!err)
		err = put_text(job, FILE_EVENTS, CSV_BOM EXPORT_EVENTS_COLUMNS);
	if (!err)
		err = put_text(job, FILE_PERSONS, CSV_BOM EXPORT_PERSONS_COLUMNS);
	if (err)
		return err;
	struct csv_line line = begin_line(job);
	row_headings(&line);
	return put_line(job, FILE_VISITORS, &line);
}

static void begin_manifest(struct stick_job *job)
{
	const struct stick_open *open = &job->open;
	struct manifest *m = &job->manifest;

	m->site_id = open->site_id;
	memcpy(m->site, open->site, sizeof(m->site));
	memcpy(m->gate, open->gate, sizeof(m->gate));
	m->created_ms = open->wall_ms;
	m->utc_offset_min = open->utc_offset_min;
	m->first_seq = open->first_seq;
	m->last_seq = open->first_seq - 1;
	memcpy(m->prev, open->prev, sizeof(m->prev));
	memcpy(m->head, open->prev, sizeof(m->head));
	memcpy(m->public_key, open->public_key, sizeof(m->public_key));
}

static int begin(struct stick_job *job, const char *stick_dir, const char *work_dir)
{
	int err = job_receive(job);

	if (!err && (job->msg.type != STICK_OPEN || job->msg.open.first_seq < 1))
		err = -EPROTO;
	if (err)
		return err;
	job->open = job->msg.open;
	begin_manifest(job);
	err = folder_begin(&job->folder, stick_dir);
	if (!err)
		err = open_files(job);
	if (!err)
		err = workbook_begin(&job->workbook, work_dir, job->open.utc_offset_min);
	return err;
}

static int take_event(struct stick_job *job, const struct stick_event *event)
{
	struct manifest *m = &job->manifest;
	struct csv_line line = begin_line(job);

	if (event->seq != m->last_seq + 1)
		return -EPROTO;
	m->last_seq = event->seq;
	memcpy(m->head, event->hash, sizeof(m->head));
	m->events++;
	row_event(&line, event);
	return put_line(job, FILE_EVENTS, &line);
}

static int take_visit(struct stick_job *job, const struct visit *visit)
{
	struct csv_line line = begin_line(job);

	job->manifest.visits++;
	row_visit(&line, visit, job->manifest.visits, job->open.utc_offset_min);
	int err = put_line(job, FILE_VISITORS, &line);
	return err ? err : workbook_row(&job->workbook, visit);
}

static int take_person(struct stick_job *job, const struct stick_person *person)
{
	struct csv_line line = begin_line(job);

	job->manifest.persons++;
	row_person(&line, person);
	return put_line(job, FILE_PERSONS, &line);
}

static bool finish_agrees(const struct manifest *m, const struct stick_finish *finish)
{
	return m->last_seq == finish->last_seq && m->events == finish->events &&
	       m->visits == finish->visits && m->persons == finish->persons &&
	       memcmp(m->head, finish->head, sizeof(m->head)) == 0;
}

/* Rows until FINISH, which is left in job->msg. */
static int take_rows(struct stick_job *job)
{
	int err = 0;

	while (!err) {
		err = job_receive(job);
		if (err)
			break;
		if (job->msg.type == STICK_EVENT)
			err = take_event(job, &job->msg.event);
		else if (job->msg.type == STICK_VISIT)
			err = take_visit(job, &job->msg.visit);
		else if (job->msg.type == STICK_PERSON)
			err = take_person(job, &job->msg.person);
		else if (job->msg.type == STICK_FINISH &&
			 finish_agrees(&job->manifest, &job->msg.finish))
			break;
		else
			err = -EPROTO;
	}
	return err;
}

static int close_files(struct stick_job *job)
{
	struct manifest *m = &job->manifest;
	int err = workbook_finish(&job->workbook, &job->files[FILE_SHEET]);

	for (int i = 0; !err && i < FILE_COUNT_; i++) {
		err = outfile_close(&job->files[i], &m->files[i]);
		m->file_count = i + 1;
		if (!err)
			err = job_progress(job, 100 + 50 * i);
	}
	if (err)
		return err;
	job->text_len = manifest_encode(m, job->text, sizeof(job->text));
	return job->text_len > 0 ? 0 : -EPROTO;
}

static int get_signature(struct stick_job *job, uint8_t signature[MANIFEST_SIGNATURE_BYTES])
{
	struct stick_msg msg = { .type = STICK_MANIFEST };

	msg.manifest.text = job->text;
	msg.manifest.len = job->text_len;
	int err = job_send(job, &msg, 0);
	if (!err)
		err = job_receive(job);
	if (err)
		return err;
	if (job->msg.type != STICK_SIGNATURE ||
	    !manifest_verify(job->text, job->text_len, job->open.public_key, job->msg.signature))
		return -EPROTO;
	memcpy(signature, job->msg.signature, MANIFEST_SIGNATURE_BYTES);
	return 0;
}

static int put_file(struct stick_job *job, const char *name, const void *data, size_t len,
		    struct manifest_file *entry)
{
	struct outfile *file = &job->files[0]; /* closed by now */
	int err = outfile_open(file, job->folder.fd, name);

	if (!err)
		err = outfile_write(file, data, len);
	return err ? err : outfile_close(file, entry);
}

static int note_read(void *ctx, int64_t bytes)
{
	struct stick_job *job = ctx;
	int64_t before = job->read_back >> 20;

	job->read_back += bytes;
	if (job->read_back >> 20 == before)
		return 0;
	return job_progress(job, (int32_t)(300 + 700 * job->read_back / job->read_back_total));
}

/* Manifest and signature, reading back, final name, reading back. */
static int seal(struct stick_job *job, const uint8_t signature[MANIFEST_SIGNATURE_BYTES])
{
	struct manifest_file all[FILE_COUNT_ + 2];
	char hex[HEX_TEXT_BYTES(MANIFEST_SIGNATURE_BYTES) + 1], name[STICK_NAME_BYTES];

	memcpy(all, job->manifest.files, FILE_COUNT_ * sizeof(all[0]));
	hex_encode(signature, MANIFEST_SIGNATURE_BYTES, hex);
	strcat(hex, "\n");
	int err = put_file(job, MANIFEST_NAME, job->text, job->text_len, &all[FILE_COUNT_]);
	if (!err)
		err = put_file(job, MANIFEST_SIGNATURE_NAME, hex, strlen(hex),
			       &all[FILE_COUNT_ + 1]);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		job->read_back_total += 2 * all[i].size;
	if (!err)
		err = folder_check(&job->folder, all, ARRAY_LEN(all), note_read, job);
	folder_final_name(&job->open, job->manifest.last_seq, name);
	if (!err)
		err = folder_commit(&job->folder, name);
	if (!err)
		err = folder_check(&job->folder, all, ARRAY_LEN(all), note_read, job);
	return err;
}

static int do_export(struct stick_job *job, const char *stick_dir, const char *work_dir)
{
	uint8_t signature[MANIFEST_SIGNATURE_BYTES];
	int err = begin(job, stick_dir, work_dir);

	if (!err)
		err = take_rows(job);
	if (!err)
		err = close_files(job);
	if (!err)
		err = get_signature(job, signature);
	return err ? err : seal(job, signature);
}

/* Tells the kiosk, then takes and drops what it still sends: a socket closed with unread packets
 * could reach the kiosk as a reset before the message does. */
static void tell_failure(struct stick_job *job, enum stick_problem problem, int err)
{
	struct stick_msg msg = { .type = STICK_FAILED };

	msg.failed.problem = problem;
	msg.failed.error = -err;
	if (job_send(job, &msg, 0) == 0)
		while (recv(job->socket, job->packet, sizeof(job->packet), 0) > 0)
			;
}

int stick_job_run(int socket, const char *stick_dir, const char *work_dir)
{
	struct stick_job job = { .socket = socket,
				 .folder = { .stick_fd = -1, .fd = -1 },
				 .workbook = { .fd = -1 } };
	struct stick_msg done = { .type = STICK_DONE };

	for (int i = 0; i < FILE_COUNT_; i++)
		job.files[i].fd = -1;
	int err = do_export(&job, stick_dir, work_dir);
	workbook_abandon(&job.workbook);
	for (int i = 0; i < FILE_COUNT_; i++)
		outfile_abandon(&job.files[i]);
	if (err) {
		enum stick_problem problem = folder_problem(&job.folder, err);
		log_error("stick: export failed: %s", strerror(-err));
		folder_drop(&job.folder);
		if (err != -ECANCELED)
			tell_failure(&job, problem, err);
	} else {
		memcpy(done.done_name, job.folder.name, sizeof(done.done_name));
		folder_close(&job.folder);
		err = job_send(&job, &done, 0);
	}
	explicit_bzero(&job, sizeof(job));
	return err;
}
