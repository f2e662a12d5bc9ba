# The kernel's side is played by umockdev, whose library has to be preloaded; gcc's AddressSanitizer
# insists on coming before it. Where umockdev is not installed the test says so and is skipped.
pkg_check_modules(umockdev QUIET IMPORTED_TARGET umockdev-1.0)
set(preload libumockdev-preload.so.0)
if(GATEHOUSE_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
	execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
		OUTPUT_VARIABLE libasan OUTPUT_STRIP_TRAILING_WHITESPACE)
	set(preload "${libasan}:${preload}")
endif()
if(TARGET PkgConfig::umockdev)
	target_link_libraries(hal_test_i2c_linux PRIVATE PkgConfig::umockdev)
	target_compile_definitions(hal_test_i2c_linux PRIVATE HAVE_UMOCKDEV=1)
	set_tests_properties(unit/hal/hal_test_i2c_linux PROPERTIES ENVIRONMENT "${san_env};LD_PRELOAD=${preload}")
endif()
set_tests_properties(unit/hal/hal_test_i2c_linux PROPERTIES SKIP_RETURN_CODE 77)
