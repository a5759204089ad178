//! Where a documentation comes from: its git clone, or the file `REVISION` of an archive.

use std::path::Path;
use std::process::Command;

/// Where a documentation comes from. Unknown parts are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the repository, without credentials.
    pub repository: Option<String>,
    /// The commit.
    pub commit: Option<String>,
    /// The date of the commit, as in `2026-07-01`.
    pub date: Option<String>,
}

impl Origin {
    /// The origin of the documents below a root, which may contain a file `REVISION` of that content.
    pub(super) fn of(root: &Path, revision: Option<&[u8]>) -> Self {
        let of_revision = || Self::of_revision(std::str::from_utf8(revision?).ok()?);
        Self::of_clone(root).or_else(of_revision).unwrap_or_default()
    }

    /// The origin of a clone. Commands that may run a program of its configuration are not used.
    fn of_clone(root: &Path) -> Option<Self> {
        let folder = root.join(".git");
        if !folder.exists() {
            return None;
        }
        let commit = git(&folder, &["log", "-1", "--no-show-signature", "--format=%H %cd", "--date=short"])?;
        let (commit, date) = commit.split_once(' ')?;
        let remotes = git(&folder, &["config", "--get-regexp", r"^remote\..*\.url$"]).unwrap_or_default();
        let mut remotes: Vec<(&str, &str)> =
            remotes.lines().filter_map(|line| line.split_once(' ')).collect();
        remotes.sort_by_key(|(name, _)| *name != "remote.origin.url");
        Some(Self {
            repository: remotes.first().and_then(|(_, address)| public_address(address)),
            commit: Some(commit.to_owned()).filter(|commit| is_commit(commit)),
            date: Some(date.trim().to_owned()).filter(|date| is_date(date)),
        })
    }

    /// The origin that a file `REVISION` states, in any order: an address or `owner/name`, a commit, and a day.
    fn of_revision(text: &str) -> Option<Self> {
        let words = || text.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty());
        let stated = Self {
            repository: words().find(|word| word.contains('/')).and_then(repository_name),
            commit: words().find(|word| is_commit(word) && word.len() >= 40).map(str::to_owned),
            date: day_in(text).filter(|day| is_date(day)),
        };
        (stated != Self::default()).then_some(stated)
    }

    /// The origin with the parts of another one where they are known.
    #[must_use]
    pub fn overridden_by(self, other: Self) -> Self {
        Self {
            repository: other.repository.or(self.repository),
            commit: other.commit.or(self.commit),
            date: other.date.or(self.date),
        }
    }
}

/// The output of a git command, without the environment of a git hook that runs this program.
fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"] {
        command.env_remove(name);
    }
    let output = command.arg("--no-pager").arg("--git-dir").arg(folder).args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

/// The public form of a repository's address: without user, password, query and fragment. `None` for a path on this machine.
pub fn public_address(address: &str) -> Option<String> {
    let is_host = |host: &str| {
        let (name, port) = host.split_once(':').unwrap_or((host, "1"));
        let of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        !name.is_empty() && name.chars().all(of_name) && port.chars().all(|c| c.is_ascii_digit())
    };
    if let Some((scheme, rest)) = address.split_once("://") {
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        return (scheme != "file" && is_host(host)).then(|| format!("{scheme}://{host}/{path}"));
    }
    // The short form of ssh. A path on this machine has no colon, or a letter of a drive before it.
    let (authority, path) = address.split_once(':')?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    (host.len() > 1 && is_host(host)).then(|| format!("ssh://{host}/{}", path.trim_start_matches('/')))
}

/// The repository that a file `REVISION` names: an address, or `owner/name`.
fn repository_name(word: &str) -> Option<String> {
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let is_name = word.chars().all(of_name) && word.matches('/').count() == 1 && !word.starts_with('/');
    if is_name { Some(word.to_owned()) } else { public_address(word) }
}

/// The first day in a text, as in `2026-07-01`.
pub(super) fn day_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    let is_day = |word: &&str| {
        let parts: Vec<usize> = word.split('-').map(str::len).collect();
        parts == [4, 2, 2]
    };
    words.take(10_000).find(is_day).map(str::to_owned)
}

/// Whether a text is the name of a commit, whole or shortened.
pub fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text is a day, as in `2026-07-01`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<u32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    let fits = matches!(parts[..], [_, 1..=12, 1..=31]);
    fits && text.split('-').map(str::len).eq([4, 2, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_no_credentials() {
        for (address, public) in [
            ("https://example.com/zoo/docs.git", Some("https://example.com/zoo/docs.git")),
            ("https://me:secret@example.com/zoo/docs", Some("https://example.com/zoo/docs")),
            ("https://me:se@cret@example.com:8443/zoo?token=1#x", Some("https://example.com:8443/zoo")),
            ("https://me:se/cret@example.com/zoo", None),
            ("ssh://git@example.com/zoo/docs", Some("ssh://example.com/zoo/docs")),
            ("git@example.com:zoo/docs.git", Some("ssh://example.com/zoo/docs.git")),
            ("/srv/docs", None),
            ("../docs", None),
            ("C:/docs", None),
            ("file:///srv/docs", None),
        ] {
            assert_eq!(public_address(address).as_deref(), public, "{address}");
        }
    }

    #[test]
    fn a_revision_states_repository_commit_and_day_in_any_order() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let known = |repository: Option<&str>, commit: Option<&str>, date: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            Origin { repository: owned(repository), commit: owned(commit), date: owned(date) }
        };
        for (text, origin) in [
            (
                format!("zoo/docs, commit {commit}, 2026-07-01\n"),
                known(Some("zoo/docs"), Some(commit), Some("2026-07-01")),
            ),
            (format!("2026-07-01 {commit}"), known(None, Some(commit), Some("2026-07-01"))),
            (
                "https://me:key@example.com/zoo 2026-07-01".to_owned(),
                known(Some("https://example.com/zoo"), None, Some("2026-07-01")),
            ),
        ] {
            assert_eq!(Origin::of_revision(&text), Some(origin), "{text}");
        }
        assert_eq!(Origin::of_revision("nothing here 2026-13-01"), None);
    }
}
