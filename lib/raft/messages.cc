// SPDX-License-Identifier: Apache-2.0
#include "raft/messages.h"

namespace etcdmedic::raft {
namespace {

using enum proto::FieldType;
using enum proto::FieldRole;

constexpr proto::EnumValue kSortOrderValues[] = {{0, "NONE"}, {1, "ASCEND"}, {2, "DESCEND"}};
constexpr proto::EnumValue kSortTargetValues[] = {
    {0, "KEY"}, {1, "VERSION"}, {2, "CREATE"}, {3, "MOD"}, {4, "VALUE"}};
constexpr proto::EnumValue kCompareResultValues[] = {
    {0, "EQUAL"}, {1, "GREATER"}, {2, "LESS"}, {3, "NOT_EQUAL"}};
constexpr proto::EnumValue kCompareTargetValues[] = {
    {0, "VERSION"}, {1, "CREATE"}, {2, "MOD"}, {3, "VALUE"}, {4, "LEASE"}};
constexpr proto::EnumValue kAlarmActionValues[] = {{0, "GET"}, {1, "ACTIVATE"}, {2, "DEACTIVATE"}};
constexpr proto::EnumValue kAlarmTypeValues[] = {{0, "NONE"}, {1, "NOSPACE"}, {2, "CORRUPT"}};
constexpr proto::EnumValue kPermissionTypeValues[] = {{0, "READ"}, {1, "WRITE"}, {2, "READWRITE"}};
constexpr proto::EnumValue kConfChangeTypeValues[] = {
    {0, "AddNode"}, {1, "RemoveNode"}, {2, "UpdateNode"}, {3, "AddLearnerNode"}};
constexpr proto::EnumValue kTransitionValues[] = {{0, "Auto"}, {1, "JointImplicit"}, {2, "JointExplicit"}};

}  // namespace

// Declared first: TxnRequest and RequestOp hold one another.
extern const proto::MessageInfo kRequestHeader;
extern const proto::MessageInfo kRangeRequest;
extern const proto::MessageInfo kPutRequest;
extern const proto::MessageInfo kDeleteRangeRequest;
extern const proto::MessageInfo kCompare;
extern const proto::MessageInfo kRequestOp;
extern const proto::MessageInfo kTxnRequest;
extern const proto::MessageInfo kCompactionRequest;
extern const proto::MessageInfo kLeaseGrantRequest;
extern const proto::MessageInfo kLeaseRevokeRequest;
extern const proto::MessageInfo kLeaseCheckpoint;
extern const proto::MessageInfo kLeaseCheckpointRequest;
extern const proto::MessageInfo kAlarmRequest;
extern const proto::MessageInfo kEmpty;
extern const proto::MessageInfo kInternalAuthenticateRequest;
extern const proto::MessageInfo kUserAddOptions;
extern const proto::MessageInfo kPermission;
extern const proto::MessageInfo kAuthUserAddRequest;
extern const proto::MessageInfo kAuthUserNameRequest;
extern const proto::MessageInfo kAuthUserChangePasswordRequest;
extern const proto::MessageInfo kAuthUserGrantRoleRequest;
extern const proto::MessageInfo kAuthUserRevokeRoleRequest;
extern const proto::MessageInfo kAuthRoleAddRequest;
extern const proto::MessageInfo kAuthRoleNameRequest;
extern const proto::MessageInfo kAuthRoleGrantPermissionRequest;
extern const proto::MessageInfo kAuthRoleRevokePermissionRequest;
extern const proto::MessageInfo kClusterVersionSetRequest;
extern const proto::MessageInfo kAttributes;
extern const proto::MessageInfo kClusterMemberAttrSetRequest;
extern const proto::MessageInfo kDowngradeInfoSetRequest;
extern const proto::MessageInfo kDowngradeVersionTestRequest;
extern const proto::MessageInfo kRequest;
extern const proto::MessageInfo kInternalRaftRequest;
extern const proto::MessageInfo kConfChange;
extern const proto::MessageInfo kConfChangeSingle;
extern const proto::MessageInfo kConfChangeV2;

namespace {
const proto::FieldInfo kRequestHeaderFields[] = {
    {1, "ID", kUint64, kPlain, false, nullptr, {}},
    {2, "username", kString, kPlain, false, nullptr, {}},
    {3, "auth_revision", kUint64, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kRangeRequestFields[] = {
    {1, "key", kBytes, kKey, false, nullptr, {}},
    {2, "range_end", kBytes, kRangeEnd, false, nullptr, {}},
    {3, "limit", kInt64, kPlain, false, nullptr, {}},
    {4, "revision", kInt64, kPlain, false, nullptr, {}},
    {5, "sort_order", kEnum, kPlain, false, nullptr, kSortOrderValues},
    {6, "sort_target", kEnum, kPlain, false, nullptr, kSortTargetValues},
    {7, "serializable", kBool, kPlain, false, nullptr, {}},
    {8, "keys_only", kBool, kPlain, false, nullptr, {}},
    {9, "count_only", kBool, kPlain, false, nullptr, {}},
    {10, "min_mod_revision", kInt64, kPlain, false, nullptr, {}},
    {11, "max_mod_revision", kInt64, kPlain, false, nullptr, {}},
    {12, "min_create_revision", kInt64, kPlain, false, nullptr, {}},
    {13, "max_create_revision", kInt64, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kPutRequestFields[] = {
    {1, "key", kBytes, kKey, false, nullptr, {}},
    {2, "value", kBytes, kValue, false, nullptr, {}},
    {3, "lease", kInt64, kLeaseId, false, nullptr, {}},
    {4, "prev_kv", kBool, kPlain, false, nullptr, {}},
    {5, "ignore_value", kBool, kPlain, false, nullptr, {}},
    {6, "ignore_lease", kBool, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kDeleteRangeRequestFields[] = {
    {1, "key", kBytes, kKey, false, nullptr, {}},
    {2, "range_end", kBytes, kRangeEnd, false, nullptr, {}},
    {3, "prev_kv", kBool, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kCompareFields[] = {
    {1, "result", kEnum, kPlain, false, nullptr, kCompareResultValues},
    {2, "target", kEnum, kPlain, false, nullptr, kCompareTargetValues},
    {3, "key", kBytes, kKey, false, nullptr, {}},
    {4, "version", kInt64, kPlain, false, nullptr, {}},
    {5, "create_revision", kInt64, kPlain, false, nullptr, {}},
    {6, "mod_revision", kInt64, kPlain, false, nullptr, {}},
    {7, "value", kBytes, kValue, false, nullptr, {}},
    {8, "lease", kInt64, kLeaseId, false, nullptr, {}},
    {64, "range_end", kBytes, kRangeEnd, false, nullptr, {}},
};

const proto::FieldInfo kRequestOpFields[] = {
    {1, "request_range", kMessage, kPlain, false, &kRangeRequest, {}},
    {2, "request_put", kMessage, kPlain, false, &kPutRequest, {}},
    {3, "request_delete_range", kMessage, kPlain, false, &kDeleteRangeRequest, {}},
    {4, "request_txn", kMessage, kPlain, false, &kTxnRequest, {}},
};

const proto::FieldInfo kTxnRequestFields[] = {
    {1, "compare", kMessage, kPlain, true, &kCompare, {}},
    {2, "success", kMessage, kPlain, true, &kRequestOp, {}},
    {3, "failure", kMessage, kPlain, true, &kRequestOp, {}},
};

const proto::FieldInfo kCompactionRequestFields[] = {
    {1, "revision", kInt64, kPlain, false, nullptr, {}},
    {2, "physical", kBool, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kLeaseGrantRequestFields[] = {
    {1, "TTL", kInt64, kPlain, false, nullptr, {}},
    {2, "ID", kInt64, kLeaseId, false, nullptr, {}},
};

const proto::FieldInfo kLeaseRevokeRequestFields[] = {
    {1, "ID", kInt64, kLeaseId, false, nullptr, {}},
};

const proto::FieldInfo kLeaseCheckpointFields[] = {
    {1, "ID", kInt64, kLeaseId, false, nullptr, {}},
    {2, "remaining_TTL", kInt64, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kLeaseCheckpointRequestFields[] = {
    {1, "checkpoints", kMessage, kPlain, true, &kLeaseCheckpoint, {}},
};

const proto::FieldInfo kAlarmRequestFields[] = {
    {1, "action", kEnum, kPlain, false, nullptr, kAlarmActionValues},
    {2, "memberID", kUint64, kMemberId, false, nullptr, {}},
    {3, "alarm", kEnum, kPlain, false, nullptr, kAlarmTypeValues},
};

const proto::FieldInfo kInternalAuthenticateRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "password", kString, kSecret, false, nullptr, {}},
    {3, "simple_token", kString, kSecret, false, nullptr, {}},
};

const proto::FieldInfo kUserAddOptionsFields[] = {
    {1, "no_password", kBool, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kPermissionFields[] = {
    {1, "permType", kEnum, kPlain, false, nullptr, kPermissionTypeValues},
    {2, "key", kBytes, kKey, false, nullptr, {}},
    {3, "range_end", kBytes, kRangeEnd, false, nullptr, {}},
};

const proto::FieldInfo kAuthUserAddRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "password", kString, kSecret, false, nullptr, {}},
    {3, "options", kMessage, kPlain, false, &kUserAddOptions, {}},
    {4, "hashedPassword", kString, kSecret, false, nullptr, {}},
};

const proto::FieldInfo kAuthUserNameRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAuthUserChangePasswordRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "password", kString, kSecret, false, nullptr, {}},
    {3, "hashedPassword", kString, kSecret, false, nullptr, {}},
};

const proto::FieldInfo kAuthUserGrantRoleRequestFields[] = {
    {1, "user", kString, kPlain, false, nullptr, {}},
    {2, "role", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAuthUserRevokeRoleRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "role", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAuthRoleAddRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAuthRoleNameRequestFields[] = {
    {1, "role", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAuthRoleGrantPermissionRequestFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "perm", kMessage, kPlain, false, &kPermission, {}},
};

const proto::FieldInfo kAuthRoleRevokePermissionRequestFields[] = {
    {1, "role", kString, kPlain, false, nullptr, {}},
    {2, "key", kBytes, kKey, false, nullptr, {}},
    {3, "range_end", kBytes, kRangeEnd, false, nullptr, {}},
};

const proto::FieldInfo kClusterVersionSetRequestFields[] = {
    {1, "ver", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kAttributesFields[] = {
    {1, "name", kString, kPlain, false, nullptr, {}},
    {2, "client_urls", kString, kPlain, true, nullptr, {}},
};

const proto::FieldInfo kClusterMemberAttrSetRequestFields[] = {
    {1, "member_ID", kUint64, kMemberId, false, nullptr, {}},
    {2, "member_attributes", kMessage, kPlain, false, &kAttributes, {}},
};

const proto::FieldInfo kDowngradeInfoSetRequestFields[] = {
    {1, "enabled", kBool, kPlain, false, nullptr, {}},
    {2, "ver", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kDowngradeVersionTestRequestFields[] = {
    {1, "ver", kString, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kRequestFields[] = {
    {1, "ID", kUint64, kPlain, false, nullptr, {}},
    {2, "Method", kString, kPlain, false, nullptr, {}},
    {3, "Path", kString, kPlain, false, nullptr, {}},
    {4, "Val", kString, kPlain, false, nullptr, {}},
    {5, "Dir", kBool, kPlain, false, nullptr, {}},
    {6, "PrevValue", kString, kPlain, false, nullptr, {}},
    {7, "PrevIndex", kUint64, kPlain, false, nullptr, {}},
    {8, "PrevExist", kBool, kPlain, false, nullptr, {}},
    {9, "Expiration", kInt64, kPlain, false, nullptr, {}},
    {10, "Wait", kBool, kPlain, false, nullptr, {}},
    {11, "Since", kUint64, kPlain, false, nullptr, {}},
    {12, "Recursive", kBool, kPlain, false, nullptr, {}},
    {13, "Sorted", kBool, kPlain, false, nullptr, {}},
    {14, "Quorum", kBool, kPlain, false, nullptr, {}},
    {15, "Time", kInt64, kPlain, false, nullptr, {}},
    {16, "Stream", kBool, kPlain, false, nullptr, {}},
    {17, "Refresh", kBool, kPlain, false, nullptr, {}},
};

const proto::FieldInfo kInternalRaftRequestFields[] = {
    {1, "ID", kUint64, kPlain, false, nullptr, {}},
    {2, "v2", kMessage, kPlain, false, &kRequest, {}},
    {3, "range", kMessage, kPlain, false, &kRangeRequest, {}},
    {4, "put", kMessage, kPlain, false, &kPutRequest, {}},
    {5, "delete_range", kMessage, kPlain, false, &kDeleteRangeRequest, {}},
    {6, "txn", kMessage, kPlain, false, &kTxnRequest, {}},
    {7, "compaction", kMessage, kPlain, false, &kCompactionRequest, {}},
    {8, "lease_grant", kMessage, kPlain, false, &kLeaseGrantRequest, {}},
    {9, "lease_revoke", kMessage, kPlain, false, &kLeaseRevokeRequest, {}},
    {10, "alarm", kMessage, kPlain, false, &kAlarmRequest, {}},
    {11, "lease_checkpoint", kMessage, kPlain, false, &kLeaseCheckpointRequest, {}},
    {100, "header", kMessage, kPlain, false, &kRequestHeader, {}},
    {1000, "auth_enable", kMessage, kPlain, false, &kEmpty, {}},
    {1011, "auth_disable", kMessage, kPlain, false, &kEmpty, {}},
    {1012, "authenticate", kMessage, kPlain, false, &kInternalAuthenticateRequest, {}},
    {1013, "auth_status", kMessage, kPlain, false, &kEmpty, {}},
    {1100, "auth_user_add", kMessage, kPlain, false, &kAuthUserAddRequest, {}},
    {1101, "auth_user_delete", kMessage, kPlain, false, &kAuthUserNameRequest, {}},
    {1102, "auth_user_get", kMessage, kPlain, false, &kAuthUserNameRequest, {}},
    {1103, "auth_user_change_password", kMessage, kPlain, false, &kAuthUserChangePasswordRequest, {}},
    {1104, "auth_user_grant_role", kMessage, kPlain, false, &kAuthUserGrantRoleRequest, {}},
    {1105, "auth_user_revoke_role", kMessage, kPlain, false, &kAuthUserRevokeRoleRequest, {}},
    {1106, "auth_user_list", kMessage, kPlain, false, &kEmpty, {}},
    {1107, "auth_role_list", kMessage, kPlain, false, &kEmpty, {}},
    {1200, "auth_role_add", kMessage, kPlain, false, &kAuthRoleAddRequest, {}},
    {1201, "auth_role_delete", kMessage, kPlain, false, &kAuthRoleNameRequest, {}},
    {1202, "auth_role_get", kMessage, kPlain, false, &kAuthRoleNameRequest, {}},
    {1203, "auth_role_grant_permission", kMessage, kPlain, false, &kAuthRoleGrantPermissionRequest, {}},
    {1204, "auth_role_revoke_permission", kMessage, kPlain, false, &kAuthRoleRevokePermissionRequest, {}},
    {1300, "cluster_version_set", kMessage, kPlain, false, &kClusterVersionSetRequest, {}},
    {1301, "cluster_member_attr_set", kMessage, kPlain, false, &kClusterMemberAttrSetRequest, {}},
    {1302, "downgrade_info_set", kMessage, kPlain, false, &kDowngradeInfoSetRequest, {}},
    {9900, "downgrade_version_test", kMessage, kPlain, false, &kDowngradeVersionTestRequest, {}},
};

const proto::FieldInfo kConfChangeFields[] = {
    {1, "id", kUint64, kPlain, false, nullptr, {}},
    {2, "type", kEnum, kPlain, false, nullptr, kConfChangeTypeValues},
    {3, "node_id", kUint64, kMemberId, false, nullptr, {}},
    {4, "context", kBytes, kJson, false, nullptr, {}},
};

const proto::FieldInfo kConfChangeSingleFields[] = {
    {1, "type", kEnum, kPlain, false, nullptr, kConfChangeTypeValues},
    {2, "node_id", kUint64, kMemberId, false, nullptr, {}},
};

const proto::FieldInfo kConfChangeV2Fields[] = {
    {1, "transition", kEnum, kPlain, false, nullptr, kTransitionValues},
    {2, "changes", kMessage, kPlain, true, &kConfChangeSingle, {}},
    {3, "context", kBytes, kJson, false, nullptr, {}},
};

}  // namespace

const proto::MessageInfo kRequestHeader{"RequestHeader", kRequestHeaderFields};
const proto::MessageInfo kRangeRequest{"RangeRequest", kRangeRequestFields};
const proto::MessageInfo kPutRequest{"PutRequest", kPutRequestFields};
const proto::MessageInfo kDeleteRangeRequest{"DeleteRangeRequest", kDeleteRangeRequestFields};
const proto::MessageInfo kCompare{"Compare", kCompareFields};
const proto::MessageInfo kRequestOp{"RequestOp", kRequestOpFields};
const proto::MessageInfo kTxnRequest{"TxnRequest", kTxnRequestFields};
const proto::MessageInfo kCompactionRequest{"CompactionRequest", kCompactionRequestFields};
const proto::MessageInfo kLeaseGrantRequest{"LeaseGrantRequest", kLeaseGrantRequestFields};
const proto::MessageInfo kLeaseRevokeRequest{"LeaseRevokeRequest", kLeaseRevokeRequestFields};
const proto::MessageInfo kLeaseCheckpoint{"LeaseCheckpoint", kLeaseCheckpointFields};
const proto::MessageInfo kLeaseCheckpointRequest{"LeaseCheckpointRequest", kLeaseCheckpointRequestFields};
const proto::MessageInfo kAlarmRequest{"AlarmRequest", kAlarmRequestFields};
const proto::MessageInfo kEmpty{"Empty", {}};
const proto::MessageInfo kInternalAuthenticateRequest{"InternalAuthenticateRequest",
                                                      kInternalAuthenticateRequestFields};
const proto::MessageInfo kUserAddOptions{"UserAddOptions", kUserAddOptionsFields};
const proto::MessageInfo kPermission{"Permission", kPermissionFields};
const proto::MessageInfo kAuthUserAddRequest{"AuthUserAddRequest", kAuthUserAddRequestFields};
const proto::MessageInfo kAuthUserNameRequest{"AuthUserNameRequest", kAuthUserNameRequestFields};
const proto::MessageInfo kAuthUserChangePasswordRequest{"AuthUserChangePasswordRequest",
                                                        kAuthUserChangePasswordRequestFields};
const proto::MessageInfo kAuthUserGrantRoleRequest{"AuthUserGrantRoleRequest",
                                                   kAuthUserGrantRoleRequestFields};
const proto::MessageInfo kAuthUserRevokeRoleRequest{"AuthUserRevokeRoleRequest",
                                                    kAuthUserRevokeRoleRequestFields};
const proto::MessageInfo kAuthRoleAddRequest{"AuthRoleAddRequest", kAuthRoleAddRequestFields};
const proto::MessageInfo kAuthRoleNameRequest{"AuthRoleNameRequest", kAuthRoleNameRequestFields};
const proto::MessageInfo kAuthRoleGrantPermissionRequest{"AuthRoleGrantPermissionRequest",
                                                         kAuthRoleGrantPermissionRequestFields};
const proto::MessageInfo kAuthRoleRevokePermissionRequest{"AuthRoleRevokePermissionRequest",
                                                          kAuthRoleRevokePermissionRequestFields};
const proto::MessageInfo kClusterVersionSetRequest{"ClusterVersionSetRequest",
                                                   kClusterVersionSetRequestFields};
const proto::MessageInfo kAttributes{"Attributes", kAttributesFields};
const proto::MessageInfo kClusterMemberAttrSetRequest{"ClusterMemberAttrSetRequest",
                                                      kClusterMemberAttrSetRequestFields};
const proto::MessageInfo kDowngradeInfoSetRequest{"DowngradeInfoSetRequest", kDowngradeInfoSetRequestFields};
const proto::MessageInfo kDowngradeVersionTestRequest{"DowngradeVersionTestRequest",
                                                      kDowngradeVersionTestRequestFields};
const proto::MessageInfo kRequest{"Request", kRequestFields};
const proto::MessageInfo kInternalRaftRequest{"InternalRaftRequest", kInternalRaftRequestFields};
const proto::MessageInfo kConfChange{"ConfChange", kConfChangeFields};
const proto::MessageInfo kConfChangeSingle{"ConfChangeSingle", kConfChangeSingleFields};
const proto::MessageInfo kConfChangeV2{"ConfChangeV2", kConfChangeV2Fields};

}  // namespace etcdmedic::raft
