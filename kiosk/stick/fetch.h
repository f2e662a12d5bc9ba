/*
 * Brings the signed order (codec/order.h) or bundle (codec/bundle.h) from the stick: fixed names,
 * looked up beneath the stick's own folder and through no link, regular files of bounded size only,
 * sent as they are.
 * Nothing here judges them; the kiosk does. Writes nothing. Runs once per process and blocks; the
 * kiosk ends it when it takes too long.
 */
#ifndef STICK_FETCH_H
#define STICK_FETCH_H

#include "base/defs.h"

/* 0: ORDER and ORDER_SIGNATURE were sent, whatever they hold; else negative errno, and FAILED was
 * sent while there was anyone to hear it. */
MUST_CHECK int fetch_run(int socket, const char *stick_dir);

/* The same for BUNDLE, BUNDLE_SIGNATURE and every PART: what lies in the bundle's folder under the
 * name of each kind, whatever the manifest says. Without the folder all of them are absent. */
MUST_CHECK int fetch_bundle_run(int socket, const char *stick_dir);

#endif
