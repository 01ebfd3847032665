# For cpack --config, with STAGE, VERSION, MACHINE and OUTPUT in the environment: an RPM of a staged tree, whose bytes depend on the tree
# and on SOURCE_DATE_EPOCH alone.
set(CPACK_GENERATOR RPM)
set(CPACK_PACKAGE_NAME etcdmedic)
set(CPACK_PACKAGE_VENDOR "etcdmedic maintainers")
set(CPACK_PACKAGE_VERSION $ENV{VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Read, check and repair what etcd keeps on disk")
set(CPACK_PACKAGE_DESCRIPTION "etcdmedic reads the write-ahead log, the snapshots and the backend of etcd without a running etcd. It finds
corruption to the byte, predicts whether etcd will start, repairs under an undo journal, and decodes the Kubernetes objects inside.")
set(CPACK_RPM_PACKAGE_DESCRIPTION ${CPACK_PACKAGE_DESCRIPTION})
set(CPACK_PACKAGE_DIRECTORY $ENV{OUTPUT})
set(CPACK_TOPLEVEL_TAG $ENV{MACHINE})
set(CPACK_PACKAGE_FILE_NAME etcdmedic-$ENV{VERSION}-1.$ENV{MACHINE})
set(CPACK_INSTALLED_DIRECTORIES $ENV{STAGE} /)
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_GROUP Applications/System)
set(CPACK_RPM_PACKAGE_ARCHITECTURE $ENV{MACHINE})
set(CPACK_RPM_PACKAGE_AUTOREQPROV no)  # the binary is static
set(CPACK_RPM_FILE_NAME ${CPACK_PACKAGE_FILE_NAME}.rpm)
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr /usr/bin /usr/share /usr/share/man /usr/share/man/man1 /usr/share/doc
    /usr/share/bash-completion /usr/share/bash-completion/completions /usr/share/zsh /usr/share/zsh/site-functions /usr/share/fish
    /usr/share/fish/vendor_completions.d)
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _buildhost reproducible
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _binary_payload w9.gzdio
%define _build_id_links none
%define __strip /bin/true
%define debug_package %{nil}")
