#include <sodium.h>

#include "office/commands.h"

int main(int argc, char **argv)
{
	if (sodium_init() < 0)
		return 2;
	return office_run(argc, argv, stdout, stderr);
}
