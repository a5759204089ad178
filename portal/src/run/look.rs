//! What the pages for people look at: families, and tables without a call of a method.

use std::io;
use std::sync::Arc;

use super::Machine;
use crate::families::Family;
use crate::spec::Method;
use crate::store::TableKey;

impl Machine {
    /// The family of a method that works on rows.
    pub(crate) fn family(&self, method: &Method) -> Option<Arc<Family>> {
        self.families.of(&self.spec, method)
    }

    /// The family with a table of this name.
    pub(crate) fn family_of_table(&self, table: &str) -> Option<Arc<Family>> {
        self.families.by_table(&self.spec, table)
    }

    /// The tables that have rows from the start or had some, with the number of rows; without it for those that were not used
    /// since the start.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(crate) fn tables(&mut self) -> io::Result<Vec<(TableKey, Option<usize>)>> {
        let names: Vec<String> = self.rows.named.keys().cloned().collect();
        for name in names {
            self.look(&TableKey::of(&name))?;
        }
        self.store.sizes()
    }

    /// Reads a table that is not in memory, or makes its first rows. One of several tables with a name has to be known already.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(crate) fn look(&mut self, key: &TableKey) -> io::Result<()> {
        let Some(family) = self.family_of_table(&key.name) else { return Ok(()) };
        let key = TableKey { name: family.table.clone(), partition: key.partition.clone() };
        let is_known = family.partition.is_empty() && key.partition.is_empty()
            || self.store.keys(&key.name)?.contains(&key);
        if is_known && self.store.get(&key).is_none() {
            self.open(&family, &key)?;
        }
        Ok(())
    }
}
