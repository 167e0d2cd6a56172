//! Moving an entry to another record: which requests lead from where it stands to where it should.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/binding/index.html>: a binding moves between records
//! of one type only, and the only binding an entry has can't be deleted.

use serde::Serialize;

use super::activity::type_id;
use crate::bitrix24::models::BindingRow;
use crate::protocol::RecordRef;

/// Lists the records an entry stands at.
pub(crate) const LIST: &str = "crm.activity.binding.list";
const ADD: &str = "crm.activity.binding.add";
const MOVE: &str = "crm.activity.binding.move";
const DELETE: &str = "crm.activity.binding.delete";

/// A record in the portal's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    entity_type_id: u64,
    entity_id: u64,
}

impl Place {
    /// `None`: the id is no number.
    pub(crate) fn of(record: &RecordRef) -> Option<Self> {
        Some(Self { entity_type_id: type_id(record.kind).into(), entity_id: record.id.parse().ok()? })
    }
}

/// The records in an answer to [`LIST`].
pub(crate) fn places(rows: &[BindingRow]) -> Vec<Place> {
    let place = |row: &BindingRow| Some(Place { entity_type_id: row.entity_type_id?, entity_id: row.entity_id? });
    rows.iter().filter_map(place).collect()
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Add(Place),
    Move { from: Place, to: Place },
    Delete(Place),
}

impl Step {
    /// The portal's name for it.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Add(_) => ADD,
            Self::Move { .. } => MOVE,
            Self::Delete(_) => DELETE,
        }
    }

    /// Where an entry that stood at `places` stands afterwards.
    pub(crate) fn applied(self, mut places: Vec<Place>) -> Vec<Place> {
        match self {
            Self::Add(place) => places.push(place),
            Self::Move { from, to } => places.iter_mut().filter(|place| **place == from).for_each(|place| *place = to),
            Self::Delete(gone) => places.retain(|place| *place != gone),
        }
        places
    }

    /// The parameters of the request about the entry with that id.
    pub(crate) fn of_entry(self, activity_id: u64) -> StepParams {
        let record = match self {
            Self::Add(place) | Self::Delete(place) => Record::One(place),
            Self::Move { from, to } => Record::Two {
                source_entity_type_id: from.entity_type_id,
                source_entity_id: from.entity_id,
                target_entity_type_id: to.entity_type_id,
                target_entity_id: to.entity_id,
            },
        };
        StepParams { activity_id, record }
    }
}

/// What a request says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepParams {
    activity_id: u64,
    #[serde(flatten)]
    record: Record,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Record {
    One(Place),
    #[serde(rename_all = "camelCase")]
    Two {
        source_entity_type_id: u64,
        source_entity_id: u64,
        target_entity_type_id: u64,
        target_entity_id: u64,
    },
}

/// Asks for the records of the entry with that id.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlacesOf {
    pub(crate) activity_id: u64,
}

/// What comes next for an entry that stands at `places`; `None`: it stands at `to`, and no more at any of `from`. Other records
/// are left alone: somebody else put it there. The entry stands somewhere at each moment, so that a stop between two steps leaves
/// one entry at more records, and never none.
pub(crate) fn next(places: &[Place], from: &[Place], to: Place) -> Option<Step> {
    let mut leaving = from.iter().copied().filter(|place| *place != to && places.contains(place));
    if places.contains(&to) {
        return leaving.next().map(Step::Delete);
    }
    // Such a move takes the entry's owner along.
    let like = leaving.find(|place| place.entity_type_id == to.entity_type_id);
    Some(like.map_or(Step::Add(to), |from| Step::Move { from, to }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::RecordType;

    fn place(entity_type_id: u64, entity_id: u64) -> Place {
        Place { entity_type_id, entity_id }
    }

    const DEAL: u64 = 2;
    const CONTACT: u64 = 3;

    fn steps(mut places: Vec<Place>, from: &[Place], to: Place) -> (Vec<Step>, Vec<Place>) {
        let mut steps = Vec::new();
        while let Some(step) = next(&places, from, to) {
            places = step.applied(places);
            assert!(!places.is_empty(), "{steps:?}");
            steps.push(step);
        }
        (steps, places)
    }

    #[test]
    fn the_entry_always_stands_somewhere() {
        let (ann, bob, fit_out) = (place(CONTACT, 1), place(CONTACT, 2), place(DEAL, 9));
        assert_eq!(steps(vec![ann], &[ann], bob), (vec![Step::Move { from: ann, to: bob }], vec![bob]));
        let other_type = vec![Step::Add(fit_out), Step::Delete(ann)];
        assert_eq!(steps(vec![ann], &[ann], fit_out), (other_type, vec![fit_out]));
        let several = vec![Step::Move { from: ann, to: bob }, Step::Delete(fit_out)];
        assert_eq!(steps(vec![ann, fit_out], &[fit_out, ann], bob), (several, vec![bob]));
    }

    #[test]
    fn what_is_done_is_not_done_again_and_what_others_did_stays() {
        let (ann, bob, fit_out) = (place(CONTACT, 1), place(CONTACT, 2), place(DEAL, 9));
        assert_eq!(steps(vec![bob], &[ann], bob), (vec![], vec![bob]));
        assert_eq!(steps(vec![bob], &[bob], bob), (vec![], vec![bob]));
        assert_eq!(steps(vec![ann, bob], &[ann], bob), (vec![Step::Delete(ann)], vec![bob]));
        let beside = (vec![Step::Move { from: ann, to: bob }], vec![bob, fit_out]);
        assert_eq!(steps(vec![ann, fit_out], &[ann], bob), beside);
        // Somebody else took it away meanwhile.
        assert_eq!(steps(vec![fit_out], &[ann], bob), (vec![Step::Add(bob)], vec![fit_out, bob]));
    }

    #[test]
    fn requests_read_as_documented() {
        let params = |step: Step| (step.method(), serde_json::to_value(step.of_entry(999)).unwrap());
        let one = json!({"activityId": 999, "entityTypeId": 2, "entityId": 1});
        assert_eq!(params(Step::Add(place(2, 1))), ("crm.activity.binding.add", one.clone()));
        assert_eq!(params(Step::Delete(place(2, 1))), ("crm.activity.binding.delete", one));
        let two = json!({"activityId": 999, "sourceEntityTypeId": 2, "sourceEntityId": 1, "targetEntityTypeId": 2, "targetEntityId": 100});
        let step = Step::Move { from: place(2, 1), to: place(2, 100) };
        assert_eq!(params(step), ("crm.activity.binding.move", two));
    }

    #[test]
    fn answers_are_read_whatever_they_hold() {
        let rows: Vec<BindingRow> = serde_json::from_value(json!([
            {"entityTypeId": 3, "entityId": "84"}, {"entityTypeId": null}, {}, {"entityTypeId": "x", "entityId": []},
        ]))
        .unwrap();
        assert_eq!(places(&rows), [place(3, 84)]);
        let record = |id: &str| RecordRef { kind: RecordType::Contact, id: id.into() };
        assert_eq!((Place::of(&record("84")), Place::of(&record("x"))), (Some(place(3, 84)), None));
    }
}
