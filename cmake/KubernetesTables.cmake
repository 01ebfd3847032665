# Turns k8s-protos/*.proto into the constexpr tables of room k8s: protoc checks the files and describes them, a Python
# program of ours (standard library only) writes the rows.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(KUBERNETES_TABLES ${PROJECT_BINARY_DIR}/kubernetes_tables.cc)
set(KUBERNETES_DESCRIPTORS ${PROJECT_BINARY_DIR}/kubernetes_descriptors.pb)
file(GLOB KUBERNETES_PROTOS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/k8s-protos/*.proto)
add_custom_command(
  OUTPUT ${KUBERNETES_TABLES} ${KUBERNETES_DESCRIPTORS}
  COMMAND protobuf::protoc -I${PROJECT_SOURCE_DIR}/k8s-protos --include_imports
          --descriptor_set_out=${KUBERNETES_DESCRIPTORS} ${KUBERNETES_PROTOS}
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/kubernetes_tables.py ${KUBERNETES_DESCRIPTORS}
          ${KUBERNETES_TABLES}
  DEPENDS ${KUBERNETES_PROTOS} ${PROJECT_SOURCE_DIR}/cmake/kubernetes_tables.py
  COMMENT "Tables of the Kubernetes messages"
  VERBATIM)
