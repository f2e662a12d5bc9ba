/* SDL events to actions. */
#include <SDL.h>
#include <string.h>

#include "base/text.h"
#include "ui/ui_private.h"

#define MOUSE_FINGER -1

static void push(struct ui *ui, enum action action, int32_t arg)
{
	if (ui->pending_count < UI_PENDING_MAX)
		ui->pending[ui->pending_count++] = (struct action_event){ action, arg };
}

static void press(struct ui *ui, int x, int y, int64_t finger)
{
	const struct widget *w = widgets_at(&ui->widgets, x, y);
	if (!w || ui->pressed[0])
		return; /* one finger at a time */
	text_copy(ui->pressed, sizeof(ui->pressed), w->id);
	ui->finger = finger;
	ui->dirty = true;
}

static void release(struct ui *ui, int x, int y, int64_t finger)
{
	if (!ui->pressed[0] || ui->finger != finger)
		return;
	const struct widget *w = widgets_at(&ui->widgets, x, y);
	if (w && strcmp(w->id, ui->pressed) == 0)
		push(ui, w->event.action, w->event.arg);
	ui->pressed[0] = '\0';
	ui->dirty = true;
}

/* Characters the soft keyboard of the screen could not type are not taken from a real one either,
 * except that a text entry takes any letter. */
static bool takes(const struct view *view, int32_t cp)
{
	switch (view->keyboard) {
	case KEYBOARD_TEXT:
		return cp >= ' ' && cp != 0x7F;
	case KEYBOARD_DOCUMENT:
		return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
		       (cp >= 'a' && cp <= 'z');
	case KEYBOARD_PLATE:
		return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
		       (cp >= 'a' && cp <= 'z') || (cp >= 0x4E00 && cp <= 0x9FFF);
	case KEYBOARD_DECIMAL:
		return cp == '.' || (cp >= '0' && cp <= '9');
	case KEYBOARD_DIGITS:
		return cp >= '0' && cp <= '9';
	case KEYBOARD_NONE:
	case KEYBOARD_COUNT_:
		break;
	}
	return view->screen == SCREEN_PIN && cp >= '0' && cp <= '9';
}

static void type_text(struct ui *ui, const char *text)
{
	int32_t cp;
	while ((cp = utf8_next(&text)) > 0)
		if (takes(&ui->view, cp))
			push(ui, ACTION_KEY, cp);
}

static void push_widget(struct ui *ui, const struct widget *w)
{
	if (w && widget_is_live(w))
		push(ui, w->event.action, w->event.arg);
}

static void key_down(struct ui *ui, SDL_Keycode key)
{
	const struct widget *back = widgets_by_id(&ui->widgets, "back");
	if (key == SDLK_RETURN || key == SDLK_KP_ENTER)
		push_widget(ui, widgets_primary(&ui->widgets));
	else if (key == SDLK_BACKSPACE)
		push_widget(ui, widgets_by_id(&ui->widgets, "backspace"));
	else if (key == SDLK_ESCAPE)
		push_widget(ui, back ? back : widgets_by_id(&ui->widgets, "cancel"));
}

static int finger_px(float normalised, int size)
{
	return (int)(normalised * (float)size);
}

static void handle(struct ui *ui, const SDL_Event *e, bool *touched, bool *quit)
{
	switch (e->type) {
	case SDL_QUIT:
		*quit = true;
		break;
	case SDL_MOUSEBUTTONDOWN:
		*touched = true;
		if (e->button.button == SDL_BUTTON_LEFT)
			press(ui, e->button.x, e->button.y, MOUSE_FINGER);
		break;
	case SDL_MOUSEBUTTONUP:
		*touched = true;
		if (e->button.button == SDL_BUTTON_LEFT)
			release(ui, e->button.x, e->button.y, MOUSE_FINGER);
		break;
	case SDL_FINGERDOWN:
		*touched = true;
		press(ui, finger_px(e->tfinger.x, UI_WIDTH), finger_px(e->tfinger.y, UI_HEIGHT),
		      e->tfinger.fingerId);
		break;
	case SDL_FINGERUP:
		*touched = true;
		release(ui, finger_px(e->tfinger.x, UI_WIDTH), finger_px(e->tfinger.y, UI_HEIGHT),
			e->tfinger.fingerId);
		break;
	case SDL_TEXTINPUT:
		*touched = true;
		type_text(ui, e->text.text);
		break;
	case SDL_KEYDOWN:
		*touched = true;
		key_down(ui, e->key.keysym.sym);
		break;
	case SDL_WINDOWEVENT:
	case SDL_RENDER_TARGETS_RESET:
	case SDL_RENDER_DEVICE_RESET:
		ui->dirty = true;
		break;
	default:
		break;
	}
}

bool ui_poll(struct ui *ui, struct action_event *event, bool *touched, bool *quit)
{
	SDL_Event e;
	while (!ui->pending_count && SDL_PollEvent(&e))
		handle(ui, &e, touched, quit);
	if (!ui->pending_count)
		return false;
	*event = ui->pending[0];
	ui->pending_count--;
	memmove(ui->pending, ui->pending + 1, sizeof(*event) * (size_t)ui->pending_count);
	return true;
}
