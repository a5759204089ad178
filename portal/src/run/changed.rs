//! The rows that a call changes, for the events that follow.

use serde_json::Value;

use super::{Call, Machine};
use crate::changes::{Change, Kind};
use crate::families::fold;

impl Machine {
    /// Keeps that a row of the call's table was changed, or is about to be removed.
    pub(super) fn changed(&mut self, call: &Call<'_>, kind: Kind, id: i64) {
        let Self { changes, store, .. } = self;
        changes.push(|| {
            let key = call.table_key();
            let (table, partition) = (store.get(&key)?, call.family.partition.iter().cloned());
            let row = table.row(id)?;
            let named = table.columns().enumerate();
            let fields = named.filter_map(|(at, (folded, _))| Some((folded.to_owned(), row.value(at)?)));
            let fields: std::collections::HashMap<String, Value> = fields.collect();
            let kinds = &call.family.kinds;
            let of = kinds.iter().find(|of| key.partition == [of.value.to_string()]);
            let of = of.map(|of| of.name.clone()).unwrap_or_default();
            let own_id = call.family.id.as_ref().and_then(|name| fields.get(&fold(name)));
            let prefix = call.method.name.rsplit_once('.').map_or("", |(prefix, _)| prefix);
            Some(Change {
                kind,
                names: [call.family.table.clone(), prefix.to_owned()],
                of: (!kinds.is_empty()).then_some(of),
                partition: partition.zip(key.partition).collect(),
                id: own_id.filter(|own| own.is_string()).cloned().unwrap_or_else(|| id.into()),
                fields,
            })
        });
    }
}
