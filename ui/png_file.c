#include "ui/png_file.h"

#include <png.h>
#include <string.h>

int png_write_rgb(const char *path, const uint8_t *rgb, int32_t width, int32_t height)
{
	png_image image;
	memset(&image, 0, sizeof(image));
	image.version = PNG_IMAGE_VERSION;
	image.width = (png_uint_32)width;
	image.height = (png_uint_32)height;
	image.format = PNG_FORMAT_RGB;
	image.flags = PNG_IMAGE_FLAG_FAST;
	errno = 0;
	if (!png_image_write_to_file(&image, path, 0, rgb, 0, NULL))
		return errno ? -errno : -EIO;
	return 0;
}
