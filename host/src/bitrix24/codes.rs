//! Words of a portal that may be repeated: those that its documentation has.
//!
//! A portal that is careless, or lies, could put anything where a code belongs: an address, a token. So the host says a word of its own
//! tables, or none, and never the portal's.

/// Error codes, of REST and of the authorization servers, in lower case: portals aren't consistent.
///
/// Sources: <https://apidocs.bitrix24.com/error-codes.html>, <https://apidocs.bitrix24.com/settings/oauth/error-codes.html>, the
/// pages of the methods in <https://apidocs.bitrix24.com/api-reference/>, and an on-premise portal's `rest_provider.php`.
const ERROR_CODES: &[&str] = &[
    "0",
    "100",
    "access_denied",
    "activity_is_already_bound",
    "allowed_only_intranet_user",
    "application_not_found",
    "authorization_error",
    "binding_not_found",
    "bitrix_rest_v3_exception_unknowndtopropertyexception",
    "bitrix_rest_v3_exception_validation_requestvalidationexception",
    "code_empty",
    "connection_error",
    "crm_field_error_required",
    "crm_field_error_value_not_valid",
    "entity_type_not_supported",
    "error_argument",
    "error_batch_length_exceeded",
    "error_batch_method_not_allowed",
    "error_core",
    "error_handler_already_exist",
    "error_method_not_found",
    "error_oauth",
    "error_unexpected_answer",
    "error_wrong_context",
    "expired_token",
    "insufficient_scope",
    "internal_server_error",
    "invalid_arg_value",
    "invalid_client",
    "invalid_credentials",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "last_binding_cannot_be_deleted",
    "method_confirm_denied",
    "method_confirm_waiting",
    "no_auth_found",
    "not_found",
    "not_installed",
    "operation_time_limit",
    "overload_limit",
    "owner_not_found",
    "payment_expired",
    "payment_required",
    "portal_deleted",
    "query_limit_exceeded",
    "source_and_target_entity_id_are_equal_error",
    "source_and_target_entity_types_are_not_equal",
    "update_dynamic_item_restricted",
    "user_access_error",
    "wrong_auth_type",
    "wrong_client",
    "wrong_datetime_format",
];

/// Permissions.
///
/// Sources: <https://apidocs.bitrix24.com/api-reference/scopes/permissions.html>, and for those of older portals
/// <https://dev.1c-bitrix.ru/rest_help/rest_sum/premissions_scope.php>
const PERMISSIONS: &[&str] = &[
    "ai_admin",
    "biconnector",
    "bizproc",
    "booking",
    "calendar",
    "call",
    "cashbox",
    "catalog",
    "configuration.import",
    "contact_center",
    "crm",
    "crm.documentgenerator",
    "delivery",
    "department",
    "disk",
    "documentgenerator",
    "entity",
    "forum",
    "iblock",
    "im",
    "imbot",
    "imconnector",
    "imopenlines",
    "intranet",
    "landing",
    "landing_cloud",
    "lists",
    "log",
    "mailservice",
    "messageservice",
    "pay_system",
    "pull",
    "rpa",
    "sale",
    "sign.b2e",
    "socialnetwork",
    "sonet_group",
    "task",
    "tasks",
    "tasks_extended",
    "tasksmobile",
    "telephony",
    "timeman",
    "user",
    "user.userfield",
    "user_basic",
    "user_brief",
    "userconsent",
    "userfieldconfig",
    "vote",
];

/// What stands for a permission that isn't documented.
const OTHER_PERMISSION: &str = "…";

/// The documented error code that this is, in lower case.
pub(crate) fn error_code(said: &str) -> Option<&'static str> {
    find(ERROR_CODES, said)
}

/// The documented permission that this is, in lower case; `…` for any other.
pub(crate) fn permission(said: &str) -> &'static str {
    find(PERMISSIONS, said).unwrap_or(OTHER_PERMISSION)
}

fn find(table: &[&'static str], said: &str) -> Option<&'static str> {
    let said = said.to_ascii_lowercase();
    let place = table.binary_search(&said.as_str()).ok()?;
    table.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_whatever_its_case() {
        for code in ERROR_CODES {
            assert_eq!(error_code(&code.to_uppercase()), Some(*code));
        }
        for named in PERMISSIONS {
            assert_eq!(permission(&named.to_uppercase()), *named);
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for said in ["", "7", "anna", "anna_example_com", "s1morf609228iwyjjpvfv6wsvuja4p8u", "ERROR_CORE_anna", "crm "]
        {
            assert_eq!((error_code(said), permission(said)), (None, OTHER_PERMISSION), "{said}");
        }
    }
}
