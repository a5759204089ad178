//! Checks uses of files against the rooms of the map.

use std::collections::{BTreeSet, HashMap};

use crate::map::Room;
use crate::paths::Use;
use crate::sources::SourceFile;

pub(crate) struct Rooms {
    rooms: &'static [Room],
    /// What each room may use, by its path.
    allowed: HashMap<&'static str, BTreeSet<&'static str>>,
    problems: Vec<String>,
}

impl Rooms {
    pub(crate) fn of(rooms: &'static [Room]) -> Self {
        let mut found = Self { rooms, allowed: HashMap::new(), problems: Vec::new() };
        for room in rooms {
            found.add(room);
        }
        found
    }

    /// Adds a room. Rooms that it may use come first in the map, so the map has no cycle.
    fn add(&mut self, room: &'static Room) {
        let mut allowed: BTreeSet<&str> = room.sees.iter().copied().collect();
        for below in room.over {
            allowed.insert(below);
            allowed.extend(self.allowed.get(below).into_iter().flatten());
        }
        for below in room.over.iter().chain(room.sees) {
            if !self.allowed.contains_key(below) {
                let problem = format!("map.rs: {} may use {below}, which is not listed before it", room.path);
                self.problems.push(problem);
            }
        }
        self.allowed.insert(room.path, allowed);
    }

    /// The errors in the map itself.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.problems.clone()
    }

    /// The room of a file: the one with the longest path.
    fn room(&self, path: &str) -> Option<&'static str> {
        let path = path.strip_suffix(".rs").unwrap_or(path);
        let holds = |room: &&Room| {
            let behind = path.strip_prefix(room.path);
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('/'))
        };
        self.rooms.iter().filter(holds).map(|room| room.path).max_by_key(|path| path.len())
    }

    pub(crate) fn without_a_room(&self, file: &SourceFile) -> Option<String> {
        let is_root = file.module.is_empty();
        (!is_root && self.room(&file.path).is_none()).then(|| {
            format!("{}: this file is in no room; add its room to codegen/tests/storeys/map.rs", file.path)
        })
    }

    /// The rooms of a crate that no file is in.
    pub(crate) fn without_files(&self, name: &str, files: &[SourceFile]) -> Vec<String> {
        let used: BTreeSet<_> = files.iter().filter_map(|file| self.room(&file.path)).collect();
        let of_crate = |room: &&Room| room.path.split('/').next() == Some(name);
        let empty = self.rooms.iter().filter(of_crate).filter(|room| !used.contains(room.path));
        empty.map(|room| format!("map.rs: no file is in {}; rename or remove this room", room.path)).collect()
    }

    /// The error of a use that the map does not allow.
    pub(crate) fn forbidden(&self, files: &[SourceFile], file: &SourceFile, found: &Use) -> Option<String> {
        let target = files.get(found.file?)?;
        let (own, used) = (self.room(&file.path)?, self.room(&target.path)?);
        let is_allowed = |used: &str| self.allowed.get(own).is_some_and(|allowed| allowed.contains(used));
        let is_own_reexport = found.is_reexport && target.module.starts_with(&file.module);
        if own == used || is_own_reexport || is_allowed(used) {
            return None;
        }
        let (path, line, name) = (&file.path, found.line, &found.path);
        let advice = "move what both need into a room below both, or pass it as an argument";
        Some(format!("{path}:{line}: `{name}` is in {used}, which {own} may not use; {advice}"))
    }
}
