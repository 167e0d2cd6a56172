//! The universal family of methods, and reference data.

use serde_json::{Value, json};

use crate::client::{column, connect, legacy_error};

#[tokio::test]
async fn items_are_numbers_and_camel_case() {
    let session = connect().await;
    let select = [
        "id",
        "title",
        "categoryId",
        "stageId",
        "opportunity",
        "currencyId",
        "companyId",
        "contactIds",
        "noSuch",
        "fm",
    ];
    let ask = json!({ "entityTypeId": 2, "select": select, "filter": { "contactIds": [2], "stageSemanticId": "P" }, "order": { "id": "DESC" } });
    let answer = session.call("crm.item.list", ask).await;
    let items = answer.result()["items"].clone();
    assert_eq!(
        items[0],
        json!({ "id": 3, "title": "Service contract 2027", "companyId": 2, "categoryId": 9, "stageId": "C9:UC_NEGOTI",
                "currencyId": "EUR", "opportunity": 12800, "contactIds": [2, 18] })
    );
    assert_eq!((items[1]["opportunity"].as_i64(), answer.json()["total"].as_i64()), (Some(48600), Some(2)));

    let whole = session.result("crm.item.get", json!({ "entityTypeId": 3, "id": 5 })).await["item"].clone();
    assert_eq!(
        column(&whole["fm"], "typeId"),
        ["EMAIL", "EMAIL", "PHONE"].map(Value::from).to_vec().iter().rev().cloned().collect::<Vec<_>>()
    );
    assert_eq!(
        (&whole["email"], &whole["emailHome"]),
        (&json!("ingrid.solberg@fjordkraft.example"), &json!("ingrid.privat@posten.example"))
    );
    assert_eq!((&whole["opened"], &whole["entityTypeId"]), (&json!("Y"), &json!(3)));
    let named = json!({ "entityTypeId": 3, "select": ["id", "fm", "email"], "filter": { "id": 5 } });
    assert_eq!(session.result("crm.item.list", named).await["items"][0].as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn filters_are_checked() {
    let session = connect().await;
    let list =
        |filter: Value| session.call("crm.item.list", json!({ "entityTypeId": 2, "filter": filter, "select": ["id"] }));
    let unknown = list(json!({ "CONTACT_ID": 2 })).await.error();
    assert_eq!(
        unknown,
        (400, "INVALID_ARG_VALUE".to_owned(), "Invalid filter: field 'CONTACT_ID' is not allowed in filter".to_owned())
    );
    assert_eq!(list(json!({ "@id": [] })).await.json()["total"], 0, "an empty array matches nothing");
    let either = json!({ "0": { "logic": "OR", "0": { "id": 2 }, "1": { "%title": "service contract" } } });
    assert_eq!(list(either).await.json()["total"], 2);
    assert_eq!(list(json!({ "contactIds": 4 })).await.json()["total"], 40);
    assert_eq!(
        list(json!({ "@companyId": [2], "!stageSemanticId": ["S", "F"], ">opportunity": 20000 })).await.json()["total"],
        1
    );
    let email = json!({ "entityTypeId": 3, "filter": { "email": "marie.rousseau@helion.example" } });
    assert_eq!(session.error("crm.item.list", email).await.1, "INVALID_ARG_VALUE");
    session.portal.switch(|switches| switches.contact_ids_filter = false);
    assert_eq!(list(json!({ "contactIds": [2] })).await.code(), (400, "INVALID_ARG_VALUE".to_owned()));
    let fallback = session.result("crm.deal.list", json!({ "filter": { "@CONTACT_ID": [2] }, "select": ["ID"] })).await;
    assert_eq!(column(&fallback, "ID"), ["2", "3", "4", "5"]);
}

#[tokio::test]
async fn items_are_written_and_read_back() {
    let session = connect().await;
    let fields = json!({
        "name": "Priya", "lastName": "Menon", "companyId": 4, "noSuch": 1, "ufCrm_1731400000001": 43,
        "fm": [{ "valueType": "WORK", "value": "lost@corvus-logistics.example" },
               { "typeId": "EMAIL", "valueType": "WORK", "value": "priya@corvus-logistics.example" }],
    });
    let item = session.result("crm.item.add", json!({ "entityTypeId": 3, "fields": fields })).await["item"].clone();
    assert_eq!(column(&item["fm"], "value"), ["priya@corvus-logistics.example"], "without typeId an entry is lost");
    assert!(item.get("noSuch").is_none());
    assert_eq!((&item["assignedById"], &item["companyId"]), (&json!(7), &json!(4)));
    let fm = &item["fm"][0]["id"];
    let change = json!({ "entityTypeId": 3, "id": item["id"], "fields": { "fm": [
        { "id": fm, "typeId": "EMAIL", "value": "" }, { "typeId": "EMAIL", "valueType": "HOME", "value": "p@home.example" }] } });
    let item = session.result("crm.item.update", change).await["item"].clone();
    assert_eq!((&item["email"], &item["hasEmail"]), (&json!("p@home.example"), &json!("Y")));
    assert_eq!(session.result("crm.item.delete", json!({ "entityTypeId": 3, "id": item["id"] })).await, json!([]));

    let not_found = (400, "NOT_FOUND".to_owned());
    assert_eq!(session.call("crm.item.get", json!({ "entityTypeId": 3, "id": item["id"] })).await.code(), not_found);
    assert_eq!(session.call("crm.item.get", json!({ "entityTypeId": 177, "id": 1 })).await.code(), not_found);
    assert_eq!(
        session.call("crm.item.get", json!({ "entityTypeId": 3, "id": 15 })).await.code(),
        (400, "ACCESS_DENIED".to_owned())
    );
    assert_eq!(
        session.call("crm.item.update", json!({ "entityTypeId": 3, "id": 16, "fields": {} })).await.code().1,
        "ACCESS_DENIED"
    );
    assert_eq!(session.call("crm.item.add", json!({ "entityTypeId": 3 })).await.code(), (400, "100".to_owned()));
    let stage = json!({ "entityTypeId": 2, "fields": { "stageId": "C9:NEW" } });
    assert_eq!(session.call("crm.item.add", stage).await.code().1, "CRM_FIELD_ERROR_VALUE_NOT_VALID");
}

#[tokio::test]
async fn reference_data_is_complete() {
    let session = connect().await;
    let categories = session.call("crm.category.list", json!({ "entityTypeId": 2 })).await.json();
    assert_eq!(
        (&categories["total"], column(&categories["result"]["categories"], "id")),
        (&json!(2), vec![json!(9), json!(0)])
    );
    assert_eq!(categories["result"]["categories"][1]["isDefault"], "Y");
    let all = session.call("crm.status.list", json!({})).await.json();
    let rows = all["result"].as_array().unwrap();
    assert!(rows.len() > 40 && all.get("next").is_none(), "one answer, no pages");
    let prefixed = rows.iter().filter(|row| row["ENTITY_ID"] == "DEAL_STAGE_9");
    assert!(prefixed.map(|row| &row["STATUS_ID"]).all(|id| id.as_str().unwrap().starts_with("C9:")));
    let sorted = json!({ "filter": { "ENTITY_ID": "DEAL_STAGE" }, "order": { "SORT": "DESC" } });
    let stages = session.result("crm.status.list", sorted).await;
    assert_eq!((&stages[0]["EXTRA"]["SEMANTICS"], &stages[0]["SEMANTICS"]), (&json!("apology"), &json!("F")));
    let wrong = session.error("crm.status.list", json!({ "filter": { "ENTITY_ID": ["SOURCE"] } })).await;
    assert_eq!(wrong, legacy_error("Filter by ENTITY_ID must be a string"));
    let currencies = session.call("crm.currency.list", json!({})).await.json();
    assert_eq!((&currencies["total"], &currencies["result"][0]["THOUSANDS_SEP"]), (&json!(0), &json!("&nbsp;")));
    assert_eq!(session.result("crm.currency.base.get", json!({})).await, "EUR");
}

#[tokio::test]
async fn custom_fields_go_by_the_name_asked_for() {
    let session = connect().await;
    let list = |original: &str, name: &str| {
        let ask =
            json!({ "entityTypeId": 3, "useOriginalUfNames": original, "select": [name], "filter": { name: 42 } });
        session.call("crm.item.list", ask)
    };
    let (own, original) = ("ufCrm_1731400000001", "UF_CRM_1731400000001");
    assert_eq!(list("N", own).await.result()["items"][0][own], 42);
    assert_eq!(list("Y", original).await.result()["items"][0][original], 42);
    assert_eq!(list("Y", own).await.code().1, "INVALID_ARG_VALUE");
    assert_eq!(list("N", original).await.code().1, "INVALID_ARG_VALUE");
    let add = json!({ "entityTypeId": 3, "useOriginalUfNames": "Y", "fields": { "name": "U", original: 43, "companyIds": [2, 5] } });
    let item = session.result("crm.item.add", add).await["item"].clone();
    assert_eq!((&item[original], &item["companyIds"], &item["companyId"]), (&json!(43), &json!([2, 5]), &json!(2)));
}
