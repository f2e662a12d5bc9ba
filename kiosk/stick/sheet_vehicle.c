/* The columns about a vehicle in the row of its driver's visit (车辆登记表). */
#include "core/plate.h"
#include "stick/sheet_cells.h"

static const char *const PLATE_KIND_WORD[PLATE_KIND_COUNT_] = {
	[PLATE_NONE] = "其他",
	[PLATE_ORDINARY] = "普通(蓝牌或黄牌)",
	[PLATE_NEW_ENERGY_SMALL] = "新能源小型(绿牌)",
	[PLATE_NEW_ENERGY_LARGE] = "新能源大型(黄绿牌)",
	[PLATE_TRAILER] = "挂车",
	[PLATE_LEARNER] = "教练",
	[PLATE_POLICE] = "警用",
	[PLATE_HK_MACAO] = "港澳入出境",
	[PLATE_CONSULATE] = "领馆",
	[PLATE_EMBASSY] = "使馆",
	[PLATE_TRIAL] = "试验",
	[PLATE_OVERSIZE] = "超限",
	[PLATE_TEMPORARY] = "临时",
	[PLATE_EMERGENCY] = "应急救援",
	[PLATE_ARMED_POLICE] = "武警",
	[PLATE_MILITARY] = "军用",
};

static bool is_driver(const struct visit *v)
{
	return v->vehicle_visit == 0;
}

void sheet_vehicle_cell(const struct visit *v, enum sheet_column column, int32_t utc_offset_min,
			struct sheet_cell *cell)
{
	const struct fact *f = v->facts;
	const char *plate = v->person.plate;

	if (column == SHEET_PLATE)
		sheet_put(cell, plate);
	else if (column == SHEET_PLATE_KIND && plate[0])
		sheet_put(cell, PLATE_KIND_WORD[plate_read(plate).kind]);
	else if (column == SHEET_DRIVER)
		sheet_put(cell, v->person.name);
	else if (column == SHEET_OCCUPANTS && is_driver(v))
		sheet_put_number(cell, v->occupants);
	else if (column == SHEET_OCCUPANTS_KNOWN)
		sheet_put_fact(cell, &f[CHECK_OCCUPANTS], "已逐人登记", "有人未登记");
	else if (column == SHEET_VEHICLE_PASS)
		sheet_put_fact(cell, &f[CHECK_VEHICLE_PASS], "有效", "无效");
	else if (column == SHEET_DISINFECTED)
		sheet_put_fact(cell, &f[CHECK_DISINFECTION], "是", "否");
	else if (column == SHEET_DISINFECTED_AT && f[CHECK_DISINFECTION].finding == FINDING_GOOD)
		sheet_put_minute(cell, f[CHECK_DISINFECTION].wall_ms, utc_offset_min);
	else if (column == SHEET_IN_VEHICLE && !is_driver(v))
		sheet_put_number(cell, (int64_t)v->vehicle_visit);
}
