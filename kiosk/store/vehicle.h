/*
 * What the register knows of a vehicle by its plate. Threads, blocking and errors as in register.h.
 */
#ifndef STORE_VEHICLE_H
#define STORE_VEHICLE_H

#include "core/vehicle.h"
#include "store/register.h"

/* plate in its one spelling; "" is the plate of nobody, and nothing is known of it. The last
 * disinfection is read from the newest visits with this plate: once they are forgotten it is not
 * known any more, and due. */
MUST_CHECK int register_vehicle(struct register_db *db, const char *plate,
				struct vehicle_known *known);

#endif
