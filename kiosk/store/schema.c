/*
 * event is the register; the rest is made from it (projection.c) and can be made again, except:
 * person (the personal fields, proved by a commitment in the event, deleted when their time is
 * over), account and pin_clock (secrets and counters, which do not belong into exports), and
 * import_text and listed (what the office's bundles brought: directory.c).
 *
 * A visit row does not repeat what the event says: visit.seq is the last event that carries the
 * whole form, and the form is read from its body. Flash wear and file size are bought with few
 * pages a registration, so there is one index: over the visits that are not over.
 *
 * document and phone are numbers where they spell one, and text where not (query_bind_number_text):
 * they compare with text after CAST(... AS TEXT). The hash of most events is stored shortened
 * (db.h).
 *
 * Numbers in state, class, level and type are those of core/types.h and register.h; the views
 * *_words say them in words (schema_views.c).
 */
#include "store/schema.h"

#include <string.h>

#include "base/text.h"
#include "core/types.h"
#include "store/register.h"

static_assert(VISIT_WAITING == 1 && VISIT_ADMITTED == 2 && VISIT_INSIDE == 3 && VISIT_LEFT == 4 &&
		      VISIT_REFUSED == 5 && VISIT_TURNED_BACK == 6 && VISIT_LAPSED == 7 &&
		      VISIT_OVERDUE == 8 && VISIT_STATE_COUNT_ == 9,
	      "the schema spells the states out");
static_assert(ENTRY_PASSED == 6 && ENTRY_LAPSED == 7 && ENTRY_LEFT == 8,
	      "the events that move a visit are spelled out");
static_assert(LEDGER_DISINFECTION == 0 && LEDGER_SUPPLY == 4 && MOVE_IN == 1 && MOVE_COUNTED == 3,
	      "the ledgers are spelled out");
static_assert(ROLE_GUARD == 1 && ROLE_SUPERVISOR == 2, "the list of accounts spells the roles out");

#define EVENT_TABLE                                                                                \
	"CREATE TABLE event("                                                                      \
	" seq INTEGER PRIMARY KEY,"                                                                \
	" boot INTEGER NOT NULL,"                                                                  \
	" mono_ms INTEGER NOT NULL,"                                                               \
	" wall_ms INTEGER NOT NULL,"                                                               \
	" trusted INTEGER NOT NULL,"                                                               \
	" type INTEGER NOT NULL,"                                                                  \
	" actor TEXT NOT NULL,"                                                                    \
	" body BLOB NOT NULL,"                                                                     \
	" hash BLOB NOT NULL) STRICT;"                                                             \
	"CREATE TRIGGER event_order BEFORE INSERT ON event"                                        \
	" WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)"                           \
	" BEGIN SELECT RAISE(ABORT, 'events follow each other'); END;"                             \
	"CREATE TRIGGER event_no_update BEFORE UPDATE ON event"                                    \
	" BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;"                             \
	"CREATE TRIGGER event_no_delete BEFORE DELETE ON event"                                    \
	" BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;"

/* Not "state IN (1, 2, 3, 8)": for that sqlite makes and drops a table each time a visit changes,
 * which was an eighth of what a registration costs. */
#define IS_OPEN "(state < 4 OR state = 8)"
#define OPEN_INDEX "CREATE INDEX visit_open ON visit(state) WHERE " IS_OPEN ";"

/* The few who drove up, so that the last visit of a vehicle is found. */
#define PLATE_INDEX "CREATE INDEX person_plate ON person(plate, visit_id) WHERE plate <> '';"

#define VISIT_TABLES                                                                               \
	"CREATE TABLE visit("                                                                      \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" ticket INTEGER NOT NULL,"                                                                \
	" class INTEGER NOT NULL,"                                                                 \
	" state INTEGER NOT NULL,"                                                                 \
	" seq INTEGER NOT NULL REFERENCES event(seq),"                                             \
	" registered_ms INTEGER NOT NULL,"                                                         \
	" decided_ms INTEGER NOT NULL DEFAULT 0,"                                                  \
	" entered_ms INTEGER NOT NULL DEFAULT 0,"                                                  \
	" left_ms INTEGER NOT NULL DEFAULT 0,"                                                     \
	" decided_by TEXT NOT NULL DEFAULT '',"                                                    \
	" pass_serial INTEGER NOT NULL DEFAULT 0) STRICT;" OPEN_INDEX "CREATE TABLE person("       \
	" visit_id INTEGER PRIMARY KEY REFERENCES visit(id) DEFERRABLE INITIALLY DEFERRED,"        \
	" name TEXT NOT NULL,"                                                                     \
	" document_kind INTEGER NOT NULL,"                                                         \
	" document ANY NOT NULL,"                                                                  \
	" phone ANY NOT NULL,"                                                                     \
	" household TEXT NOT NULL,"                                                                \
	" purpose TEXT NOT NULL,"                                                                  \
	" salt BLOB NOT NULL,"                                                                     \
	" plate TEXT NOT NULL DEFAULT '',"                                                         \
	" code INTEGER NOT NULL DEFAULT 0) STRICT;" PLATE_INDEX "CREATE TABLE pass("               \
	" serial INTEGER PRIMARY KEY,"                                                             \
	" visit_id INTEGER NOT NULL,"                                                              \
	" expires_ms INTEGER NOT NULL,"                                                            \
	" uses INTEGER NOT NULL DEFAULT 0,"                                                        \
	" revoked INTEGER NOT NULL DEFAULT 0,"                                                     \
	" printed INTEGER NOT NULL DEFAULT 0) STRICT;"                                             \
	"CREATE TABLE day("                                                                        \
	" day INTEGER PRIMARY KEY,"                                                                \
	" registered INTEGER NOT NULL,"                                                            \
	" entered INTEGER NOT NULL,"                                                               \
	" gone INTEGER NOT NULL,"                                                                  \
	" refused INTEGER NOT NULL) STRICT;"

/* pin_clock counts the milliseconds this machine has verifiably lived through: account.c. */
#define ACCOUNT_TABLES                                                                             \
	"CREATE TABLE account("                                                                    \
	" name TEXT PRIMARY KEY,"                                                                  \
	" role INTEGER NOT NULL,"                                                                  \
	" pin TEXT NOT NULL,"                                                                      \
	" tries INTEGER NOT NULL DEFAULT 0,"                                                       \
	" tried_ms INTEGER NOT NULL DEFAULT 0,"                                                    \
	" until_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"                             \
	"CREATE TABLE pin_clock("                                                                  \
	" id INTEGER PRIMARY KEY CHECK(id = 1),"                                                   \
	" now_ms INTEGER NOT NULL,"                                                                \
	" boot INTEGER NOT NULL,"                                                                  \
	" mono_ms INTEGER NOT NULL,"                                                               \
	" wall_ms INTEGER NOT NULL) STRICT;"

/* The level in force since the last change of it, and the highest number of an order that was ever
 * taken: at most one row. */
#define LEVEL_TABLE                                                                                \
	"CREATE TABLE level_now("                                                                  \
	" id INTEGER PRIMARY KEY CHECK(id = 1),"                                                   \
	" seq INTEGER NOT NULL REFERENCES event(seq),"                                             \
	" level INTEGER NOT NULL,"                                                                 \
	" since_ms INTEGER NOT NULL,"                                                              \
	" set_by TEXT NOT NULL,"                                                                   \
	" last_order INTEGER NOT NULL) STRICT;"

#define SEARCH_TRIGGER                                                                             \
	"CREATE TRIGGER person_gone AFTER DELETE ON person"                                        \
	" WHEN OLD.visit_id <= (SELECT upto FROM search_mark WHERE level = 0)"                     \
	" BEGIN INSERT INTO search_gone"                                                           \
	" VALUES(OLD.visit_id, OLD.name, OLD.document, OLD.phone, OLD.plate); END;"

/* The lists hold numbers of documents and telephones too. Without the trigger the table is emptied
 * in one go, every page of it overwritten, and nobody is taken out of the search index who is put
 * back right away. The copy of the index is no temporary table, because those are kept in memory.
 */
const char schema_rewrite_persons[] =
	"DROP TRIGGER person_gone;"
	"CREATE TEMP TABLE kept AS SELECT * FROM person;"
	"DELETE FROM main.person;"
	"INSERT INTO main.person SELECT * FROM kept ORDER BY visit_id;"
	"DROP TABLE kept;"
	"CREATE TABLE search_kept AS SELECT * FROM search;"
	"DELETE FROM search;"
	"INSERT INTO search SELECT * FROM search_kept;"
	"DROP TABLE search_kept;" SEARCH_TRIGGER "CREATE TEMP TABLE kept AS SELECT * FROM listed;"
	"DELETE FROM main.listed;"
	"INSERT INTO main.listed SELECT * FROM kept ORDER BY kind, sort, key;"
	"DROP TABLE kept;";

/* What register_search looks in, made from person: search_run.h. search_mark says by level how far
 * it goes. search_gone holds the persons that have been deleted and are still in it, at most until
 * the same transaction ends. */
#define SEARCH_TABLES                                                                              \
	"CREATE TABLE search("                                                                     \
	" run INTEGER NOT NULL,"                                                                   \
	" key INTEGER NOT NULL,"                                                                   \
	" visit_id INTEGER NOT NULL,"                                                              \
	" postings BLOB NOT NULL,"                                                                 \
	" PRIMARY KEY(run, key, visit_id)) STRICT, WITHOUT ROWID;"                                 \
	"CREATE TABLE search_mark("                                                                \
	" level INTEGER PRIMARY KEY,"                                                              \
	" upto INTEGER NOT NULL) STRICT;"                                                          \
	"CREATE TABLE search_gone("                                                                \
	" visit_id INTEGER PRIMARY KEY,"                                                           \
	" name TEXT NOT NULL,"                                                                     \
	" document ANY NOT NULL,"                                                                  \
	" phone ANY NOT NULL,"                                                                     \
	" plate TEXT NOT NULL) STRICT;" SEARCH_TRIGGER

/* Until when the tries at the PINs of a role are paid for: pin_policy.h. */
#define PAID_TABLE                                                                                 \
	"CREATE TABLE pin_paid("                                                                   \
	" role INTEGER PRIMARY KEY,"                                                               \
	" until_ms INTEGER NOT NULL) STRICT;"
/* What the office's bundles brought, by enum part_kind: which part was taken last; the rulebook's
 * text; the rows of the household directory (sort '', more: grid, tail: of its phone) and of the
 * block list (sort 'document' or 'name', more: why) and of the key areas (sort '', key: code, more:
 * name, tail: from which day) and invitations (sort 'document' or 'phone', key: number, household
 * and first day, more: why, tail: last day). */
#define DIRECTORY_TABLES                                                                           \
	"CREATE TABLE import_now("                                                                 \
	" kind INTEGER PRIMARY KEY,"                                                               \
	" seq INTEGER NOT NULL REFERENCES event(seq),"                                             \
	" number INTEGER NOT NULL,"                                                                \
	" version INTEGER NOT NULL,"                                                               \
	" hash TEXT NOT NULL) STRICT;"                                                             \
	"CREATE TABLE import_text("                                                                \
	" kind INTEGER PRIMARY KEY,"                                                               \
	" text BLOB NOT NULL) STRICT;"                                                             \
	"CREATE TABLE listed("                                                                     \
	" kind INTEGER NOT NULL,"                                                                  \
	" sort TEXT NOT NULL,"                                                                     \
	" key TEXT NOT NULL,"                                                                      \
	" more TEXT NOT NULL,"                                                                     \
	" tail TEXT NOT NULL,"                                                                     \
	" PRIMARY KEY(kind, sort, key)) STRICT, WITHOUT ROWID;"

/* A row for each local day and each thing a report counts (core/report.h), and between which events
 * they are: the events of a day are found by it. report is what was signed. visit_odd are the few
 * visits that a look at the days around a moment would miss: with more than two days between
 * registration and end, or an end before the registration, because the clock was wrong. */
#define VISIT_ODD_WHERE                                                                            \
	"(max(decided_ms, entered_ms, left_ms) > registered_ms + 172800000"                        \
	" OR (decided_ms <> 0 AND decided_ms < registered_ms)"                                     \
	" OR (left_ms <> 0 AND left_ms < registered_ms))"
#define REPORT_TABLES                                                                              \
	"CREATE TABLE tally("                                                                      \
	" day INTEGER NOT NULL,"                                                                   \
	" item INTEGER NOT NULL,"                                                                  \
	" n INTEGER NOT NULL,"                                                                     \
	" first_seq INTEGER NOT NULL,"                                                             \
	" last_seq INTEGER NOT NULL,"                                                              \
	" PRIMARY KEY(day, item)) STRICT, WITHOUT ROWID;"                                          \
	"CREATE TABLE report("                                                                     \
	" day INTEGER PRIMARY KEY,"                                                                \
	" seq INTEGER NOT NULL REFERENCES event(seq),"                                             \
	" rows INTEGER NOT NULL,"                                                                  \
	" figures TEXT NOT NULL,"                                                                  \
	" made_ms INTEGER NOT NULL,"                                                               \
	" made_by TEXT NOT NULL,"                                                                  \
	" checked_ms INTEGER NOT NULL DEFAULT 0,"                                                  \
	" checked_by TEXT NOT NULL DEFAULT '',"                                                    \
	" remark TEXT NOT NULL DEFAULT '') STRICT;"                                                \
	"CREATE INDEX visit_odd ON visit(id) WHERE " VISIT_ODD_WHERE ";"

/* Entries of the ledgers (core/ledger.h): root is the first entry of a chain of corrections and
 * since_ms its time, subject the choice it is about, move and n those of supplies, n the bags of
 * waste. stock is how much there is of an item, as of event seq: what was counted last, and what
 * came and went after it. */
#define LEDGER_TABLES                                                                              \
	"CREATE TABLE ledger("                                                                     \
	" seq INTEGER PRIMARY KEY REFERENCES event(seq),"                                          \
	" kind INTEGER NOT NULL,"                                                                  \
	" subject INTEGER NOT NULL,"                                                               \
	" root INTEGER NOT NULL,"                                                                  \
	" since_ms INTEGER NOT NULL,"                                                              \
	" struck INTEGER NOT NULL,"                                                                \
	" move INTEGER NOT NULL,"                                                                  \
	" n INTEGER NOT NULL,"                                                                     \
	" corrected_by INTEGER NOT NULL DEFAULT 0) STRICT;"                                        \
	"CREATE INDEX ledger_kind ON ledger(kind, root);"                                          \
	"CREATE INDEX ledger_subject ON ledger(kind, subject, root)"                               \
	" WHERE corrected_by = 0 AND struck = 0;"                                                  \
	"CREATE TABLE stock("                                                                      \
	" item INTEGER PRIMARY KEY,"                                                               \
	" seq INTEGER NOT NULL REFERENCES event(seq),"                                             \
	" n INTEGER NOT NULL) STRICT;"

/* Up to where the chain has been walked, while a walk is under way: chain_walk.h. */
#define WALKED_TABLE                                                                               \
	"CREATE TABLE walked("                                                                     \
	" id INTEGER PRIMARY KEY CHECK(id = 1),"                                                   \
	" seq INTEGER NOT NULL,"                                                                   \
	" head BLOB NOT NULL) STRICT;"

void schema_make(char *sql)
{
	text_copy(sql, SCHEMA_SQL_BYTES,
		  EVENT_TABLE VISIT_TABLES LEVEL_TABLE REPORT_TABLES ACCOUNT_TABLES PAID_TABLE
			  SEARCH_TABLES DIRECTORY_TABLES LEDGER_TABLES WALKED_TABLE);
	schema_views(sql);
}

/* What a table that is new says of old events is made from them: open.c remakes the projections. */
void schema_upgrade(int version, char *sql)
{
	text_copy(sql, SCHEMA_SQL_BYTES,
		  "DROP VIEW IF EXISTS visit_words; DROP VIEW IF EXISTS event_words;"
		  "DROP VIEW IF EXISTS level_words;");
	if (version < 4)
		text_copy(sql + strlen(sql), SCHEMA_SQL_BYTES - strlen(sql),
			  "ALTER TABLE person ADD COLUMN plate TEXT NOT NULL DEFAULT '';"
			  "ALTER TABLE person ADD COLUMN code INTEGER NOT NULL DEFAULT "
			  "0;" PLATE_INDEX LEDGER_TABLES WALKED_TABLE);
	if (version < 2)
		text_copy(sql + strlen(sql), SCHEMA_SQL_BYTES - strlen(sql), LEVEL_TABLE);
	if (version < 3)
		text_copy(sql + strlen(sql), SCHEMA_SQL_BYTES - strlen(sql),
			  "DROP INDEX visit_open;" OPEN_INDEX SEARCH_TABLES
			  "ALTER TABLE account ADD COLUMN until_ms INTEGER NOT NULL DEFAULT "
			  "0;" PAID_TABLE DIRECTORY_TABLES REPORT_TABLES);
	if (version == 3)
		text_copy(sql + strlen(sql), SCHEMA_SQL_BYTES - strlen(sql),
			  "ALTER TABLE report ADD COLUMN remark TEXT NOT NULL DEFAULT '';"
			  "DROP TRIGGER person_gone; DROP TABLE search; DROP TABLE search_mark;"
			  "DROP TABLE search_gone;" SEARCH_TABLES);
	schema_views(sql);
}

/* The columns queries.c reads a visit from, in its order. */
#define VISIT_SELECT                                                                               \
	"SELECT v.id, v.ticket, v.class, v.state, v.registered_ms, v.decided_ms, v.entered_ms,"    \
	" v.left_ms, v.decided_by, v.pass_serial, e.type, e.wall_ms, e.body, p.name,"              \
	" p.document_kind, p.document, p.phone, p.household, p.purpose, p.salt,"                   \
	" s.expires_ms, s.printed, p.plate, p.code"                                                \
	" FROM visit v JOIN event e ON e.seq = v.seq"                                              \
	" LEFT JOIN person p ON p.visit_id = v.id"                                                 \
	" LEFT JOIN pass s ON s.serial = v.pass_serial"

/* sqlite takes a partial index only for a query that repeats its condition word for word, hence the
 * two conditions. Who wants a guard: the waiting, and the admitted whose pass is still to be
 * printed.
 */
#define QUEUE_WHERE                                                                                \
	" WHERE (v.state < 4 OR v.state = 8) AND v.state IN (1, 2, 8) AND (v.state IN (1, 8)"      \
	" OR EXISTS"                                                                               \
	" (SELECT 1 FROM pass WHERE serial = v.pass_serial AND NOT printed))"

/* Visits that can have been at the gate, or inside, around some days: those registered then (ids
 * ?1 to ?2), those that are not over, and the odd ones. */
#define CANDIDATES                                                                                 \
	"WITH c(id) AS (SELECT id FROM visit WHERE id BETWEEN ?1 AND ?2"                           \
	" UNION SELECT id FROM visit INDEXED BY visit_open WHERE " IS_OPEN " "                     \
	" UNION SELECT id FROM visit INDEXED BY visit_odd WHERE " VISIT_ODD_WHERE ") "

/* search_read_person reads them. */
#define SEARCHED_COLUMNS "visit_id, name, document, phone, plate"

/* Since when somebody was inside: whom the beam has not seen, since they were let in. */
#define INSIDE_SINCE "iif(v.entered_ms <> 0, v.entered_ms, v.decided_ms)"

/* What is left of item ?1 by the entries whose chains began before event ?2's time. */
#define STOCK                                                                                      \
	"WITH live AS (SELECT root, move, n FROM ledger INDEXED BY ledger_subject"                 \
	" WHERE kind = 4 AND subject = ?1 AND corrected_by = 0 AND struck = 0"                     \
	" AND since_ms < ?2),"                                                                     \
	" base AS (SELECT coalesce(max(root), 0) AS root FROM live WHERE move = 3)"                \
	" SELECT coalesce((SELECT n FROM live WHERE root = (SELECT root FROM base)), 0)"           \
	" + coalesce((SELECT sum(iif(move = 1, n, -n)) FROM live"                                  \
	" WHERE root > (SELECT root FROM base)), 0) AS n"

const char *const schema_statements[STMT_COUNT_] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_EVENT_ADD] = "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[STMT_EVENT_RANGE] = "SELECT seq, boot, mono_ms, wall_ms, trusted, type, actor, body, hash"
			     " FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2",
	[STMT_EVENT_TAIL] = "SELECT coalesce(max(seq), 0), max(coalesce(max(boot), 0),"
			    " coalesce((SELECT boot FROM pin_clock), 0)) FROM"
			    " (SELECT seq, boot FROM event ORDER BY seq DESC LIMIT 1)",
	[STMT_VISIT_ADD] = "INSERT INTO visit(id, ticket, class, state, seq, registered_ms,"
			   " decided_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[STMT_VISIT_STANDING] = "SELECT v.state, v.ticket, v.pass_serial, coalesce(s.revoked, 0)"
				" FROM visit v LEFT JOIN pass s ON s.serial = v.pass_serial"
				" WHERE v.id = ?1",
	[STMT_VISIT_DECIDE] = "UPDATE visit SET state = ?2, seq = ?3, decided_ms = ?4,"
			      " decided_by = ?5, pass_serial = ?6 WHERE id = ?1",
	[STMT_VISIT_ENTER] = "UPDATE visit SET state = 3, entered_ms = ?2 WHERE id = ?1",
	[STMT_VISIT_LEAVE] = "UPDATE visit SET state = 4, left_ms = ?2 WHERE id = ?1",
	[STMT_VISIT_LAPSE] = "UPDATE visit SET state = 7 WHERE id = ?1",
	[STMT_VISIT_OVERDUE] = "UPDATE visit SET state = 8 WHERE id = ?1",
	[STMT_VISIT_ONE] = VISIT_SELECT " WHERE v.id = ?1",
	[STMT_VISIT_RANGE] = VISIT_SELECT " WHERE v.id > ?1 ORDER BY v.id LIMIT ?2",
	[STMT_VISIT_LAST] = "SELECT id, seq FROM visit ORDER BY id DESC LIMIT 1",
	[STMT_QUEUE] = VISIT_SELECT QUEUE_WHERE " ORDER BY v.id LIMIT ?1 OFFSET ?2",
	[STMT_QUEUE_TOTAL] = "SELECT count(*) FROM visit v INDEXED BY visit_open" QUEUE_WHERE,
	[STMT_INSIDE_TOTAL] = "SELECT count(*) FROM visit INDEXED BY visit_open"
			      " WHERE " IS_OPEN " AND state IN (3, 8)",
	[STMT_PERSON_ADD] = "INSERT INTO person VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			    " ?10)",
	[STMT_PERSON_ONE] = "SELECT name, document_kind, document, phone, household, purpose, salt,"
			    " plate, code FROM person WHERE visit_id = ?1",
	[STMT_PERSON_FROM] =
		"SELECT name, document_kind, document, phone, household, purpose, salt,"
		" plate, code, visit_id FROM person WHERE visit_id >= ?1 ORDER BY visit_id",
	[STMT_PERSON_TOTAL] = "SELECT count(*) FROM person",
	[STMT_PASS_ADD] = "INSERT INTO pass(serial, visit_id, expires_ms) VALUES(?1, ?2, ?3)",
	[STMT_PASS_ONE] = "SELECT visit_id, uses, revoked FROM pass WHERE serial = ?1",
	[STMT_PASS_PRINTED] = "UPDATE pass SET printed = 1 WHERE serial = ?1",
	[STMT_PASS_USED] = "UPDATE pass SET uses = uses + 1 WHERE serial = ?1",
	[STMT_PASS_REVOKE] = "UPDATE pass SET revoked = 1 WHERE serial = ?1",
	[STMT_DAY_ADD] = "INSERT INTO day VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(day) DO UPDATE SET"
			 " registered = registered + excluded.registered,"
			 " entered = entered + excluded.entered, gone = gone + excluded.gone,"
			 " refused = refused + excluded.refused",
	[STMT_DAY_ONE] = "SELECT registered, entered, gone, refused FROM day WHERE day = ?1",
	[STMT_LEVEL_SET] = "INSERT INTO level_now VALUES(1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT(id)"
			   " DO UPDATE SET seq = excluded.seq, level = excluded.level,"
			   " since_ms = excluded.since_ms, set_by = excluded.set_by,"
			   " last_order = max(last_order, excluded.last_order)",
	[STMT_LEVEL_GET] = "SELECT level, last_order FROM level_now",
	[STMT_ACCOUNT_SET] = "INSERT INTO account(name, role, pin, until_ms) VALUES(?1, ?2, ?3, ?4)"
			     " ON CONFLICT(name) DO UPDATE SET role = excluded.role,"
			     " pin = excluded.pin, tries = 0, tried_ms = 0,"
			     " until_ms = excluded.until_ms",
	[STMT_ACCOUNT_ONE] = "SELECT role, pin, tries, tried_ms, until_ms FROM account"
			     " WHERE name = ?1",
	[STMT_ACCOUNT_LIST] = "SELECT name, role, until_ms FROM account WHERE role = ?1 OR ?1 = 0"
			      " OR (?1 = 1 AND role = 2) ORDER BY name LIMIT ?2",
	[STMT_ACCOUNT_TRIED] = "UPDATE account SET tries = tries + 1, tried_ms = ?2"
			       " WHERE name = ?1",
	[STMT_ACCOUNT_RIGHT] = "UPDATE account SET tries = 0 WHERE name = ?1",
	[STMT_ROLE_TRIES] = "SELECT coalesce(sum(tries), 0), coalesce(max(tried_ms), 0)"
			    " FROM account WHERE role = ?1 AND tries > 0",
	[STMT_ACCOUNT_NEXT] = "SELECT name FROM account WHERE name > ?1 ORDER BY name LIMIT 1",
	[STMT_ACCOUNT_UNTIL] = "UPDATE account SET until_ms = ?2 WHERE name = ?1",
	[STMT_ACCOUNT_LASTING] = "SELECT count(*) FROM account WHERE role IN (2, 3)"
				 " AND until_ms = 0 AND name <> ?1",
	[STMT_ACCOUNT_REMOVE] = "DELETE FROM account WHERE name = ?1",
	[STMT_ACCOUNT_TOTAL] = "SELECT count(*) FROM account",
	[STMT_IMPORT_LIST] = "SELECT kind, number, version FROM import_now",
	[STMT_IMPORT_SET] = "INSERT OR REPLACE INTO import_now VALUES(?1, ?2, ?3, ?4, ?5)",
	[STMT_IMPORT_TEXT] = "SELECT n.version, n.hash, t.text FROM import_now n"
			     " JOIN import_text t ON t.kind = n.kind WHERE n.kind = ?1",
	[STMT_IMPORT_TEXT_SET] = "INSERT OR REPLACE INTO import_text VALUES(?1, ?2)",
	[STMT_LISTED_ONE] = "SELECT more, tail FROM listed"
			    " WHERE kind = ?1 AND sort = ?2 AND key = ?3",
	[STMT_LISTED_ADD] = "INSERT INTO listed VALUES(?1, ?2, ?3, ?4, ?5)",
	[STMT_LISTED_CLEAR] = "DELETE FROM listed WHERE kind = ?1",
	[STMT_LISTED_TOTAL] = "SELECT count(*) FROM listed WHERE kind = ?1",
	[STMT_CLOCK_GET] = "SELECT now_ms, boot, mono_ms, wall_ms FROM pin_clock",
	[STMT_CLOCK_SET] =
		"INSERT INTO pin_clock VALUES(1, ?1, ?2, ?3, ?4) ON CONFLICT(id) DO UPDATE"
		" SET now_ms = excluded.now_ms, boot = excluded.boot,"
		" mono_ms = excluded.mono_ms, wall_ms = excluded.wall_ms",
	[STMT_EVENT_MARK] = "SELECT boot, mono_ms, wall_ms, trusted FROM event WHERE seq = ?1",
	[STMT_EVENT_MOVES] = "SELECT seq, body FROM event WHERE seq > ?1 AND type IN (6, 7, 8)",
	[STMT_PERSON_RANGE] = "SELECT p.visit_id, v.seq, v.state,"
			      " coalesce(s.expires_ms - v.decided_ms, 0) FROM person p"
			      " JOIN visit v ON v.id = p.visit_id"
			      " LEFT JOIN pass s ON s.serial = v.pass_serial"
			      " WHERE p.visit_id > ?1 ORDER BY p.visit_id LIMIT ?2",
	[STMT_PERSON_SALTS] = "SELECT visit_id, salt FROM person",
	[STMT_PERSON_DELETE] = "DELETE FROM person WHERE visit_id = ?1",
	[STMT_PERSON_WITHIN] = "SELECT min(visit_id) FROM person WHERE visit_id BETWEEN ?1 AND ?2",
	[STMT_PERSON_SURPLUS] = "SELECT min(visit_id) FROM person"
				" WHERE visit_id NOT IN (SELECT id FROM visit)",
	[STMT_PAID_GET] = "SELECT until_ms FROM pin_paid WHERE role = ?1",
	[STMT_PAID_SET] = "INSERT INTO pin_paid VALUES(?1, ?2) ON CONFLICT(role) DO UPDATE"
			  " SET until_ms = excluded.until_ms",
	[STMT_EVENT_FIRST] = "SELECT coalesce(min(seq), 1) FROM event",
	[STMT_PERSON_BETWEEN] = "SELECT " SEARCHED_COLUMNS " FROM person"
				" WHERE visit_id BETWEEN ?1 AND ?2",
	[STMT_PERSON_NEWEST] = "SELECT " SEARCHED_COLUMNS " FROM person"
			       " WHERE visit_id > ?1 ORDER BY visit_id DESC",
	[STMT_SEARCH_MARKS] = "SELECT level, upto FROM search_mark",
	[STMT_SEARCH_MARK_SET] = "INSERT INTO search_mark VALUES(?1, ?2)"
				 " ON CONFLICT(level) DO UPDATE SET upto = excluded.upto",
	[STMT_SEARCH_LAST] = "SELECT key, visit_id FROM search WHERE run = ?1"
			     " ORDER BY key DESC, visit_id DESC LIMIT 1",
	[STMT_SEARCH_PUT] = "INSERT INTO search VALUES(?1, ?2, ?3, ?4)",
	[STMT_SEARCH_RANGE] = "SELECT postings FROM search WHERE run = ?1 AND key >= ?2"
			      " ORDER BY key, visit_id",
	[STMT_SEARCH_NEXT] = "SELECT key, visit_id, postings FROM search WHERE run = ?1"
			     " AND (key, visit_id) > (?2, ?3) ORDER BY key, visit_id LIMIT 1",
	[STMT_SEARCH_DELETE] = "DELETE FROM search WHERE run = ?1 AND key = ?2 AND visit_id = ?3",
	[STMT_SEARCH_SWEEP] = "DELETE FROM search WHERE (run, key, visit_id) IN"
			      " (SELECT run, key, visit_id FROM search"
			      " WHERE run >= ?1 AND run < ?2 LIMIT ?3)",
	[STMT_SEARCH_ALL] = "SELECT run, key, visit_id, postings FROM search"
			    " ORDER BY run, key, visit_id",
	[STMT_WALKED_GET] = "SELECT seq, head FROM walked",
	[STMT_WALKED_SET] = "INSERT OR REPLACE INTO walked VALUES(1, ?1, ?2)",
	[STMT_WALKED_CLEAR] = "DELETE FROM walked",
	[STMT_GONE_ANY] = "SELECT 1 FROM search_gone LIMIT 1",
	[STMT_GONE_ALL] = "SELECT " SEARCHED_COLUMNS " FROM search_gone",
	[STMT_GONE_CLEAR] = "DELETE FROM search_gone",
	[STMT_TALLY_ADD] = "INSERT INTO tally VALUES(?1, ?2, ?4, ?3, ?3) ON CONFLICT(day, item)"
			   " DO UPDATE SET n = n + excluded.n, last_seq = excluded.last_seq",
	[STMT_TALLY_DAYS] = "SELECT item, n, last_seq FROM tally WHERE day >= ?1 AND day < ?2"
			    " ORDER BY day, item",
	[STMT_TALLY_SPAN] = "SELECT coalesce(min(first_seq), 0), coalesce(max(last_seq), -1)"
			    " FROM tally WHERE day BETWEEN ?1 AND ?2",
	[STMT_TALLY_ITEM_SPAN] = "SELECT coalesce(min(first_seq), 0), coalesce(max(last_seq), -1)"
				 " FROM tally WHERE day BETWEEN ?1 AND ?2 AND item = ?3",
	[STMT_TALLY_ITEM_FIRST] =
		"SELECT first_seq FROM tally WHERE item = ?1 ORDER BY day LIMIT 1",
	[STMT_EVENT_SPAN] = "SELECT seq, boot, mono_ms, wall_ms, trusted, type, actor, body, hash"
			    " FROM event WHERE seq BETWEEN ?1 AND ?2 AND wall_ms >= ?3"
			    " AND wall_ms < ?4 ORDER BY seq",
	[STMT_FIRST_DAY] = "SELECT wall_ms FROM (SELECT wall_ms, trusted FROM event ORDER BY seq"
			   " LIMIT 1000) WHERE trusted LIMIT 1",
	[STMT_REPORT_MADE] =
		"INSERT INTO report(day, seq, rows, figures, made_ms, made_by,"
		" remark) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(day) DO UPDATE SET"
		" seq = excluded.seq, rows = excluded.rows,"
		" figures = excluded.figures, made_ms = excluded.made_ms,"
		" made_by = excluded.made_by, remark = excluded.remark,"
		" checked_ms = 0, checked_by = ''",
	[STMT_REPORT_CHECKED] = "UPDATE report SET seq = ?2, checked_ms = ?3, checked_by = ?4"
				" WHERE day = ?1",
	[STMT_REPORT_ONE] = "SELECT rows, figures, made_ms, made_by, checked_ms, checked_by,"
			    " remark FROM report WHERE day = ?1",
	[STMT_REPORT_TOTAL] = "SELECT count(*) FROM report WHERE day BETWEEN ?1 AND ?2"
			      " AND checked_ms <> 0",
	[STMT_INSIDE_AT] = CANDIDATES
	"SELECT count(*) FROM c JOIN visit v ON v.id = c.id WHERE v.state IN (3, 4, 8)"
	" AND " INSIDE_SINCE " < ?3 AND (v.left_ms = 0 OR v.left_ms >= ?3)",
	[STMT_INSIDE_LIST] =
		"SELECT v.id, v.ticket, v.class, v.state, v.entered_ms, v.left_ms,"
		" p.name, p.household FROM visit v INDEXED BY visit_open"
		" LEFT JOIN person p ON p.visit_id = v.id"
		" WHERE (v.state < 4 OR v.state = 8) AND v.state IN (3, 8) ORDER BY v.id",
	[STMT_CONTACT_LIST] = CANDIDATES
	"SELECT v.id, v.ticket, v.class, v.state, v.entered_ms, v.left_ms, p.name, p.household,"
	" p.phone, p.document, v.registered_ms, v.decided_ms"
	" FROM c JOIN visit v ON v.id = c.id LEFT JOIN person p ON p.visit_id = v.id"
	" ORDER BY v.id",
	[STMT_IMPORT_WHEN] = "SELECT e.wall_ms FROM import_now n JOIN event e ON e.seq = n.seq"
			     " WHERE n.kind = ?1",
	[STMT_LISTED_WITHIN] = "SELECT key, more, tail FROM listed WHERE kind = ?1 AND sort = ?2"
			       " AND key > ?3 AND key < ?4 ORDER BY key",
	[STMT_LISTED_OVER] = "DELETE FROM listed WHERE kind = ?1 AND tail < ?2",
	[STMT_LISTED_ALL] = "SELECT sort, key, more, tail FROM listed WHERE kind = ?1"
			    " ORDER BY sort, key",
	[STMT_LEDGER_ADD] = "INSERT INTO ledger VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
	[STMT_LEDGER_ONE] = "SELECT kind, subject, root, since_ms, struck, n, corrected_by"
			    " FROM ledger WHERE seq = ?1",
	[STMT_LEDGER_CORRECT] = "UPDATE ledger SET corrected_by = ?2 WHERE seq = ?1",
	[STMT_LEDGER_PAGE] =
		"SELECT e.seq, e.boot, e.mono_ms, e.wall_ms, e.trusted, e.type, e.actor, e.body,"
		" e.hash, l.corrected_by FROM ledger l JOIN event e ON e.seq = l.seq"
		" WHERE l.kind = ?1 ORDER BY l.seq DESC LIMIT ?2 OFFSET ?3",
	[STMT_LEDGER_TOTAL] = "SELECT count(*), count(*) FILTER (WHERE corrected_by = 0"
			      " AND struck = 0) FROM ledger WHERE kind = ?1",
	[STMT_LEDGER_LAST] = "SELECT since_ms FROM ledger INDEXED BY ledger_subject WHERE kind = 0"
			     " AND subject = ?1 AND corrected_by = 0 AND struck = 0"
			     " ORDER BY root DESC LIMIT 1",
	[STMT_LEDGER_AFTER] =
		"SELECT e.seq, e.boot, e.mono_ms, e.wall_ms, e.trusted, e.type, e.actor, e.body,"
		" e.hash, l.corrected_by FROM ledger l JOIN event e ON e.seq = l.seq"
		" WHERE l.seq > ?1 ORDER BY l.seq LIMIT ?2",
	[STMT_STOCK_SET] = "INSERT OR REPLACE INTO stock(item, seq, n) SELECT ?1, ?3, n FROM"
			   " (" STOCK ")",
	[STMT_STOCK_LIST] = "SELECT item, n FROM stock",
	[STMT_STOCK_AT] = STOCK ", EXISTS(SELECT 1 FROM live) AS known",
	[STMT_PLATE_FORMS] =
		"SELECT e.type, e.wall_ms, e.body FROM person p INDEXED BY person_plate"
		" JOIN visit v ON v.id = p.visit_id JOIN event e ON e.seq = v.seq"
		" WHERE p.plate = ?1 AND p.plate <> '' ORDER BY p.visit_id DESC"
		" LIMIT 30",
};
