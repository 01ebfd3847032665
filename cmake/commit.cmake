# cmake -DSOURCE=DIR -DTARGET=FILE -P commit.cmake: writes the commit of a git checkout to a header; empty for a
# source archive. The file is left alone where it is the same, so that nothing is compiled again.
set(commit "")
if(EXISTS ${SOURCE}/.git)
  execute_process(COMMAND git --no-optional-locks -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
file(CONFIGURE OUTPUT ${TARGET} CONTENT "#define ETCDMEDIC_COMMIT \"${commit}\"\n")
