# etcdmedic_tables(NAME FOLDER OUTPUT...): protoc checks the .proto files of FOLDER and describes them in
# NAME_descriptors.pb, and cmake/NAME_tables.py, which needs only Python's standard library, makes the OUTPUTs of that.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
function(etcdmedic_tables name folder)
  set(scripts ${PROJECT_SOURCE_DIR}/cmake/${name}_tables.py ${PROJECT_SOURCE_DIR}/cmake/descriptors.py)
  set(descriptors ${PROJECT_BINARY_DIR}/${name}_descriptors.pb)
  file(GLOB_RECURSE protos CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.proto)
  add_custom_command(
    OUTPUT ${descriptors} ${ARGN}
    COMMAND protobuf::protoc -I${PROJECT_SOURCE_DIR}/${folder} --include_imports --descriptor_set_out=${descriptors}
            ${protos}
    COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/cmake/${name}_tables.py ${descriptors} ${ARGN}
    DEPENDS ${protos} ${scripts}
    COMMENT "Tables of ${folder}"
    VERBATIM)
endfunction()
