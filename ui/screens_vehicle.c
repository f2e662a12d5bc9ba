/* What comes before a driver's own questions: which vehicle, its plate, how many sit in it. */
#include "base/text.h"
#include "core/vehicle.h"
#include "ui/build.h"

void build_vehicle(struct build *b)
{
	static const struct {
		const char *id;
		enum person_class class;
		enum icon icon;
	} OFFERED[] = {
		{ "vehicle-resident", CLASS_RESIDENT_VEHICLE, ICON_HOME },
		{ "vehicle-supply", CLASS_SUPPLY_VEHICLE, ICON_PARCEL },
		{ "vehicle-sanitation", CLASS_SANITATION, ICON_TOOL },
		{ "vehicle-outside", CLASS_OUTSIDE_VEHICLE, ICON_VEHICLE },
	};
	add_title(b, STR_VEHICLE_TITLE);
	for (int i = 0; i < (int)ARRAY_LEN(OFFERED); i++) {
		struct box box = { MARGIN + i % 2 * 600, CONTENT_Y + 8 + i / 2 * 172, 584, 156 };
		enum person_class class = OFFERED[i].class;
		add_class_button(b, i, OFFERED[i].id, class, OFFERED[i].icon, box);
	}
	struct widget *w = add_text(b, "emergency", (struct box){ MARGIN, 560, CONTENT_W, 120 }, 34,
				    TONE_BAD, tr(b, STR_VEHICLE_EMERGENCY));
	w->icon = ICON_WARN;
	w->text.bold = true;
	w->text.min_px = 28;
	add_back(b);
	add_cancel(b);
}

void build_plate(struct build *b)
{
	add_title(b, STR_PLATE_TITLE);
	struct box box = { MARGIN, 196, CONTENT_W, 60 };
	if (!add_note(b, box, 30))
		add_text(b, "help", box, 32, TONE_SOFT,
			 tr(b, b->view->entry[0] ? STR_PLATE_HELP_NEXT : STR_PLATE_HELP))
			->text.min_px = 28;
	struct widget *w = add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 266, CONTENT_W, 90 },
			       b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){ .px = 56,
				       .min_px = 30,
				       .align = ALIGN_LEFT,
				       .bold = true,
				       .one_line = true,
				       .keep_end = true };
	w->may_clip = true;
	build_keyboard(b);
	add_visitor_bar(b);
}

/* One touch answers and goes on. */
void build_occupants(struct build *b)
{
	add_title(b, STR_OCCUPANTS_TITLE);
	add_help(b, STR_OCCUPANTS_HELP);
	for (int i = 0; i <= OCCUPANTS_MAX; i++) {
		struct box box = { MARGIN + i % 4 * 298, 262 + i / 4 * 142, 290, 128 };
		char id[WIDGET_ID_BYTES], label[16];
		text_format(label, sizeof(label), "%d", i);
		struct widget *w =
			add_button(b, numbered(id, "occupants", i), box, LOOK_SECONDARY,
				   i == 0 ? tr(b, STR_OCCUPANTS_NONE) : label, ACTION_OCCUPANTS, i);
		w->text.px = i == 0 ? 36 : 60;
		w->text.min_px = 26;
		w->text.bold = true;
	}
	add_back(b);
	add_cancel(b);
}
