#include "core/words.h"

const char *const LEVEL_WORD[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = "open",
	[LEVEL_CLOSED] = "closed",
	[LEVEL_STRICT] = "strict",
	[LEVEL_LOCKDOWN] = "lockdown",
};

const char *const CLASS_WORD[CLASS_COUNT_] = {
	[CLASS_VISITOR] = "visitor",
	[CLASS_COURIER] = "courier",
	[CLASS_RESIDENT] = "resident",
	[CLASS_RETURNEE] = "returnee",
	[CLASS_TENANT] = "tenant",
	[CLASS_OUTSIDER] = "outsider",
	[CLASS_KEY_AREA] = "key-area",
	[CLASS_REPAIR] = "repair",
	[CLASS_WORKS] = "works",
	[CLASS_EPIDEMIC_WORKER] = "epidemic-worker",
	[CLASS_STAFF] = "staff",
	[CLASS_CARER] = "carer",
	[CLASS_INSPECTOR] = "inspector",
	[CLASS_RESIDENT_VEHICLE] = "resident-vehicle",
	[CLASS_OUTSIDE_VEHICLE] = "outside-vehicle",
	[CLASS_SUPPLY_VEHICLE] = "supply-vehicle",
	[CLASS_SANITATION] = "sanitation",
	[CLASS_EMERGENCY_VEHICLE] = "emergency-vehicle",
};

const char *const DIRECTION_WORD[DIRECTION_COUNT_] = {
	[DIRECTION_IN] = "in",
	[DIRECTION_OUT] = "out",
};

const char *const CHECK_WORD[CHECK_COUNT_] = {
	[CHECK_REAL_NAME] = "real-name",
	[CHECK_DOCUMENT] = "document",
	[CHECK_MASK] = "mask",
	[CHECK_TEMPERATURE] = "temperature",
	[CHECK_HEALTH_CODE] = "health-code",
	[CHECK_TRAVEL_CARD] = "travel-card",
	[CHECK_TRAVEL_14D] = "travel-14d",
	[CHECK_SYMPTOMS] = "symptoms",
	[CHECK_APPROVAL] = "approval",
	[CHECK_TEST] = "test",
	[CHECK_ESCORT] = "escort",
	[CHECK_CERTIFICATE] = "certificate",
	[CHECK_VEHICLE_PASS] = "vehicle-pass",
	[CHECK_OCCUPANTS] = "occupants",
	[CHECK_DISINFECTION] = "disinfection",
	[CHECK_QUOTA] = "quota",
	[CHECK_MONITORING] = "monitoring",
	[CHECK_WINDOW] = "window",
};

const char *const VERDICT_WORD[VERDICT_COUNT_] = {
	[VERDICT_REFUSE] = "refuse",
	[VERDICT_TURN_BACK] = "turn-back",
	[VERDICT_REFER] = "refer",
	[VERDICT_ADMIT] = "admit",
};

const char *const REASON_WORD[REASON_COUNT_] = {
	[REASON_NONE] = "none",
	[REASON_NO_RULE] = "no-rule",
	[REASON_CLASS_REFUSED] = "class-refused",
	[REASON_COURIER_OUTSIDE] = "courier-outside",
	[REASON_REAL_NAME_MISSING] = "real-name-missing",
	[REASON_DOCUMENT_NOT_SEEN] = "document-not-seen",
	[REASON_DOCUMENT_MISMATCH] = "document-mismatch",
	[REASON_MASK_UNCHECKED] = "mask-unchecked",
	[REASON_MASK_MISSING] = "mask-missing",
	[REASON_TEMPERATURE_MISSING] = "temperature-missing",
	[REASON_TEMPERATURE_UNCONFIRMED] = "temperature-unconfirmed",
	[REASON_TEMPERATURE_HIGH] = "temperature-high",
	[REASON_HEALTH_CODE_UNCHECKED] = "health-code-unchecked",
	[REASON_HEALTH_CODE_BAD] = "health-code-bad",
	[REASON_TRAVEL_CARD_UNCHECKED] = "travel-card-unchecked",
	[REASON_TRAVEL_CARD_STARRED] = "travel-card-starred",
	[REASON_TRAVEL_UNDECLARED] = "travel-undeclared",
	[REASON_TRAVEL_DECLARED] = "travel-declared",
	[REASON_SYMPTOMS_UNDECLARED] = "symptoms-undeclared",
	[REASON_SYMPTOMS_DECLARED] = "symptoms-declared",
	[REASON_APPROVAL_PENDING] = "approval-pending",
	[REASON_APPROVAL_DENIED] = "approval-denied",
	[REASON_APPROVAL_TOO_LOW] = "approval-too-low",
	[REASON_OUTSIDER] = "outsider",
	[REASON_KEY_AREA] = "key-area",
	[REASON_WORKS_SUSPENDED] = "works-suspended",
	[REASON_LOCKDOWN] = "lockdown",
	[REASON_OUTSIDE_VEHICLE] = "outside-vehicle",
	[REASON_STAYS_IN] = "stays-in",
	[REASON_TEST_MISSING] = "test-missing",
	[REASON_TEST_TOO_OLD] = "test-too-old",
	[REASON_TEST_POSITIVE] = "test-positive",
	[REASON_ESCORT_MISSING] = "escort-missing",
	[REASON_ESCORT_REFUSED] = "escort-refused",
	[REASON_CERTIFICATE_UNSEEN] = "certificate-unseen",
	[REASON_CERTIFICATE_BAD] = "certificate-bad",
	[REASON_VEHICLE_PASS_MISSING] = "vehicle-pass-missing",
	[REASON_VEHICLE_PASS_BAD] = "vehicle-pass-bad",
	[REASON_OCCUPANTS_UNREGISTERED] = "occupants-unregistered",
	[REASON_OCCUPANTS_REFUSED] = "occupants-refused",
	[REASON_DISINFECTION_UNKNOWN] = "disinfection-unknown",
	[REASON_DISINFECTION_OVERDUE] = "disinfection-overdue",
	[REASON_QUOTA_UNKNOWN] = "quota-unknown",
	[REASON_QUOTA_USED] = "quota-used",
	[REASON_MONITORING_UNKNOWN] = "monitoring-unknown",
	[REASON_MONITORING_STAYS] = "monitoring-stays",
	[REASON_WINDOW_CLOSED] = "window-closed",
	[REASON_WINDOW_UNKNOWN] = "window-unknown",
	[REASON_TEMPERATURE_HOME] = "temperature-home",
	[REASON_LISTED_DOCUMENT] = "listed-document",
	[REASON_LISTED_NAME] = "listed-name",
	[REASON_HOUSEHOLD_UNKNOWN] = "household-unknown",
};

const char *const STATE_WORD[VISIT_STATE_COUNT_] = {
	[VISIT_DRAFT] = "draft",
	[VISIT_WAITING] = "waiting",
	[VISIT_ADMITTED] = "admitted",
	[VISIT_INSIDE] = "inside",
	[VISIT_LEFT] = "left",
	[VISIT_REFUSED] = "refused",
	[VISIT_TURNED_BACK] = "turned-back",
	[VISIT_LAPSED] = "lapsed",
	[VISIT_OVERDUE] = "overdue",
};

const char *const LIFT_WORD[LIFT_COUNT_] = {
	[LIFT_NOBODY] = "nobody",
	[LIFT_GUARD] = "guard",
	[LIFT_SUPERVISOR] = "supervisor",
	[LIFT_HEADQUARTERS] = "headquarters",
};

const char *const APPROVER_WORD[APPROVER_COUNT_] = {
	[APPROVER_NONE] = "none",
	[APPROVER_GUARD] = "guard",
	[APPROVER_COMMUNITY] = "community",
	[APPROVER_HEADQUARTERS] = "headquarters",
};

const char *const PASS_WORD[PASS_PROBLEM_COUNT_] = {
	[PASS_GOOD] = "good",
	[PASS_NOT_A_PASS] = "not-a-pass",
	[PASS_MALFORMED] = "malformed",
	[PASS_UNKNOWN_KEY] = "unknown-key",
	[PASS_BAD_SIGNATURE] = "bad-signature",
	[PASS_OTHER_SITE] = "other-site",
	[PASS_NOT_YET_VALID] = "not-yet-valid",
	[PASS_EXPIRED] = "expired",
	[PASS_REVOKED] = "revoked",
	[PASS_USED_UP] = "used-up",
	[PASS_NOT_ISSUED_HERE] = "not-issued-here",
	[PASS_CLOCK_DOUBTFUL] = "clock-doubtful",
};

const char *const ROLE_WORD[ROLE_COUNT_] = {
	[ROLE_NONE] = "none",
	[ROLE_GUARD] = "guard",
	[ROLE_SUPERVISOR] = "supervisor",
	[ROLE_STAFF] = "staff",
};
