/*
 * The stick's side of an export.
 *
 *   OPEN      room looked for, temporary folder, name chosen
 *   KEYS      archive begun, encrypted for them
 *   SECTION   and its rows go into the archive; events must follow one another without a gap
 *   FINISH    counts and head agree with what came; archive flushed; manifest made
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
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/stick_msg.h"
#include "stick/archive.h"
#include "stick/folder.h"

/* What an event, a visit and the report of a day take on the stick, encrypted, in all sheets
 * together: rather more than was measured (tests/bench/bench_export.c). */
#define EVENT_ROOM_BYTES 400
#define VISIT_ROOM_BYTES 800
#define DAY_ROOM_BYTES 1600
#define FIXED_ROOM_BYTES (INT64_C(64) << 10)

enum job_file { FILE_ARCHIVE, FILE_MANIFEST, FILE_SIGNATURE, FILE_COUNT_ };

struct stick_job {
	int socket;
	struct folder folder;
	struct stick_open open;
	char name[STICK_NAME_BYTES]; /* of the export */
	struct archive archive;
	struct manifest manifest; /* counts grow as rows come in */
	char text[MANIFEST_MAX]; /* of the manifest */
	size_t text_len;
	struct manifest_file files[FILE_COUNT_]; /* as written */
	int64_t read_back, read_back_total; /* bytes */
	uint8_t packet[STICK_MSG_MAX];
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

static void begin_manifest(struct stick_job *job)
{
	const struct stick_open *open = &job->open;
	struct manifest *m = &job->manifest;

	m->site_id = open->site_id;
	memcpy(m->site, open->site, sizeof(m->site));
	memcpy(m->gate, open->gate, sizeof(m->gate));
	m->created_ms = open->wall_ms;
	m->utc_offset_min = open->utc_offset_min;
	m->range = open->range;
	m->from_ms = open->from_ms;
	m->until_ms = open->until_ms;
	m->first_seq = open->first_seq;
	m->last_seq = open->first_seq - 1;
	memcpy(m->prev, open->prev, sizeof(m->prev));
	memcpy(m->head, open->prev, sizeof(m->head));
	memcpy(m->public_key, open->public_key, sizeof(m->public_key));
}

static int job_expect(struct stick_job *job, enum stick_msg_type type)
{
	int err = job_receive(job);

	return err ? err : job->msg.type == type ? 0 : -EPROTO;
}

/* Room for what may come is looked for before anything is written. */
static int find_room(const struct stick_job *job)
{
	const struct stick_open *open = &job->open;
	int64_t events = open->last_seq - open->first_seq + 1;

	if (open->first_seq < 1 || events < 0 || open->visits < 0 || open->visits > INT32_MAX ||
	    open->days < 0 || open->days > INT32_MAX || events > INT64_C(1) << 40)
		return -EPROTO;
	return folder_room(&job->folder, FIXED_ROOM_BYTES + events * EVENT_ROOM_BYTES +
						 open->visits * VISIT_ROOM_BYTES +
						 open->days * DAY_ROOM_BYTES);
}

static bool file_name(const struct stick_job *job, const char *suffix,
		      char name[MANIFEST_FILE_NAME_BYTES])
{
	return text_format(name, MANIFEST_FILE_NAME_BYTES, "%s%s", job->name, suffix);
}

static int begin(struct stick_job *job, const char *stick_dir)
{
	char wish[STICK_NAME_BYTES], archive[MANIFEST_FILE_NAME_BYTES];
	int err = job_expect(job, STICK_OPEN);

	if (err)
		return err;
	job->open = job->msg.open;
	begin_manifest(job);
	err = job_expect(job, STICK_KEYS);
	if (err)
		return err;
	err = folder_begin(&job->folder, stick_dir);
	if (!err)
		err = find_room(job);
	folder_export_name(&job->open, wish);
	if (!err)
		err = folder_free_name(&job->folder, wish, job->name);
	if (!err && !file_name(job, EXPORT_ARCHIVE_SUFFIX, archive))
		err = -ENAMETOOLONG;
	return err ? err
		   : archive_begin(&job->archive, job->folder.fd, archive, &job->msg.keys,
				   &job->open);
}

/* What the manifest counts. */
static int count_row(struct stick_job *job)
{
	const struct stick_event *event = &job->msg.event;
	struct manifest *m = &job->manifest;

	if (job->msg.type == STICK_EVENT) {
		if (event->seq != m->last_seq + 1)
			return -EPROTO;
		m->last_seq = event->seq;
		memcpy(m->head, event->hash, sizeof(m->head));
		m->events++;
	} else if (job->msg.type == STICK_PERSON) {
		m->persons++;
	} else if (job->archive.section == STICK_SECTION_CSV + STICK_SHEET_VISITORS) {
		m->visits++;
	}
	return 0;
}

static bool finish_agrees(const struct manifest *m, const struct stick_finish *finish)
{
	return m->last_seq == finish->last_seq && m->events == finish->events &&
	       m->visits == finish->visits && m->persons == finish->persons &&
	       memcmp(m->head, finish->head, sizeof(m->head)) == 0;
}

/* Sections and rows until FINISH, which is left in job->msg. */
static int take_rows(struct stick_job *job)
{
	for (;;) {
		int err = job_receive(job);
		if (err)
			return err;
		if (job->msg.type == STICK_SECTION)
			err = archive_section(&job->archive, job->msg.section);
		else if (job->msg.type == STICK_FINISH)
			return finish_agrees(&job->manifest, &job->msg.finish) ? 0 : -EPROTO;
		else
			err = count_row(job);
		if (!err && job->msg.type != STICK_SECTION)
			err = archive_row(&job->archive, &job->msg);
		if (err)
			return err;
	}
}

static int make_manifest(struct stick_job *job)
{
	struct manifest *m = &job->manifest;
	int err = archive_end(&job->archive, m);

	job->files[FILE_ARCHIVE] = m->archive;
	if (!err)
		err = job_progress(job, 300);
	if (err)
		return err;
	job->text_len = manifest_encode(m, job->text, sizeof(job->text));
	return job->text_len > 0 ? 0 : -EPROTO;
}

static int put_file(struct stick_job *job, enum job_file which, const char *suffix,
		    const void *data, size_t len)
{
	struct outfile *file = &job->archive.file; /* closed by now */
	char name[MANIFEST_FILE_NAME_BYTES];

	if (!file_name(job, suffix, name))
		return -ENAMETOOLONG;
	int err = outfile_open(file, job->folder.fd, name);
	if (!err)
		err = outfile_write(file, data, len);
	return err ? err : outfile_close(file, &job->files[which]);
}

static bool signature_fits(const struct stick_job *job)
{
	uint8_t hash[MINISIGN_HASH_BYTES];
	char comment[MINISIGN_COMMENT_BYTES];
	struct minisign_key key;

	minisign_hash(job->text, job->text_len, hash);
	minisign_key_of(job->open.public_key, &key);
	return minisign_verify(job->msg.signature.text, job->msg.signature.len, hash, &key,
			       comment) == MINISIGN_GOOD;
}

static int get_signature(struct stick_job *job)
{
	struct stick_msg msg = { .type = STICK_MANIFEST };

	msg.manifest.text = job->text;
	msg.manifest.len = job->text_len;
	int err = job_send(job, &msg, 0);
	if (!err)
		err = job_expect(job, STICK_SIGNATURE);
	if (!err && !signature_fits(job))
		err = -EPROTO;
	if (!err)
		err = put_file(job, FILE_MANIFEST, EXPORT_MANIFEST_SUFFIX, job->text,
			       job->text_len);
	return err ? err
		   : put_file(job, FILE_SIGNATURE, EXPORT_SIGNATURE_SUFFIX, job->msg.signature.text,
			      job->msg.signature.len);
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

/* Reading back, final name, reading back. */
static int seal(struct stick_job *job)
{
	for (size_t i = 0; i < ARRAY_LEN(job->files); i++)
		job->read_back_total += 2 * job->files[i].size;
	int err = folder_check(&job->folder, job->files, FILE_COUNT_, note_read, job);
	if (!err)
		err = folder_commit(&job->folder, job->name);
	return err ? err : folder_check(&job->folder, job->files, FILE_COUNT_, note_read, job);
}

static int do_export(struct stick_job *job, const char *stick_dir)
{
	int err = begin(job, stick_dir);

	if (!err)
		err = take_rows(job);
	if (!err)
		err = make_manifest(job);
	if (!err)
		err = get_signature(job);
	return err ? err : seal(job);
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

static int run(struct stick_job *job, const char *stick_dir)
{
	struct stick_msg done = { .type = STICK_DONE };
	int err = do_export(job, stick_dir);

	archive_abandon(&job->archive);
	if (err) {
		enum stick_problem problem = folder_problem(&job->folder, err);
		log_error("stick: export failed: %s", strerror(-err));
		folder_drop(&job->folder);
		if (err != -ECANCELED)
			tell_failure(job, problem, err);
		return err;
	}
	memcpy(done.done_name, job->folder.name, sizeof(done.done_name));
	folder_close(&job->folder);
	return job_send(job, &done, 0);
}

/* Memory of the job's own, so that all of it is wiped: it held what people said. */
int stick_job_run(int socket, const char *stick_dir)
{
	struct stick_job *job = calloc(1, sizeof(*job));

	if (!job)
		return -ENOMEM;
	job->socket = socket;
	job->folder = (struct folder){ .stick_fd = -1, .fd = -1 };
	job->archive.file.fd = -1;
	int err = run(job, stick_dir);
	explicit_bzero(job, sizeof(*job));
	free(job);
	return err;
}
