//! The rows that a call changed, as changes that events follow.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Machine;
use crate::changes::{Change, Kind};
use crate::families::fold;
use crate::spec::Method;
use crate::store::{RowChange, RowEvent};

/// How many changes of one call raise events.
const MAX_CHANGES: usize = 10_000;

impl Machine {
    /// The changes of a call that events follow.
    pub(crate) fn changes(&self, method: &Method, rows: &[RowChange]) -> Vec<Change> {
        rows.iter().take(MAX_CHANGES).filter_map(|row| self.change(method, row)).collect()
    }

    fn change(&self, method: &Method, row: &RowChange) -> Option<Change> {
        let kind = match row.event {
            RowEvent::Added => Kind::Add,
            RowEvent::Changed => Kind::Update,
            RowEvent::Removed => Kind::Delete,
            RowEvent::Found => return None,
        };
        let fields = match &row.removed {
            Some(fields) => fields.clone(),
            None => self.store.get(&row.table)?.fields(row.id)?,
        };
        let of_method = self.families.of(&self.spec, method).filter(|family| family.table == row.table.name);
        let prefix = method.name.rsplit_once('.').map(|(prefix, _)| prefix);
        let prefix = prefix.filter(|_| of_method.is_some()).unwrap_or(&row.table.name).to_owned();
        let family = of_method.or_else(|| self.families.by_table(&self.spec, &row.table.name))?;
        let of = family.kinds.iter().find(|of| row.table.partition == [of.value.to_string()]);
        let of = of.map(|of| of.name.clone()).unwrap_or_default();
        let own_id = family.id.as_ref().and_then(|name| fields.get(name)).filter(|own| own.is_string());
        let id = own_id.cloned().unwrap_or_else(|| row.id.into());
        let partition = family.partition.iter().cloned().zip(row.table.partition.iter().cloned());
        Some(Change {
            kind,
            names: [row.table.name.clone(), prefix],
            // Rows that another family shares have no partition: their table says what they are.
            of: (!family.kinds.is_empty() && !row.table.partition.is_empty()).then_some(of),
            partition: partition.collect(),
            id,
            fields: folded(fields),
        })
    }
}

fn folded(fields: Map<String, Value>) -> HashMap<String, Value> {
    fields.into_iter().map(|(name, value)| (fold(&name), value)).collect()
}
