//! The semantic version after a change.

use semver::Version;
use serde::Serialize;

use super::severity::Severity;

/// The part of a version that increases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of semantic versioning")]
pub enum Step {
    Major,
    Minor,
    Patch,
}

impl Step {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

/// The version after changes, and the step to it. Before 1.0, a breaking change is a minor step and any other a patch.
///
/// `None`: nothing changed.
pub fn next_version(version: &Version, worst: Option<Severity>) -> Option<(Step, Version)> {
    let Version { major, minor, patch, .. } = *version;
    let step = match (worst?, major) {
        (Severity::Breaking, 0) => Step::Minor,
        (Severity::Breaking, _) => Step::Major,
        (Severity::Additive, 1..) => Step::Minor,
        (Severity::Additive | Severity::Documentation, _) => Step::Patch,
    };
    let next = match step {
        Step::Major => Version::new(major + 1, 0, 0),
        Step::Minor => Version::new(major, minor + 1, 0),
        Step::Patch => Version::new(major, minor, patch + 1),
    };
    Some((step, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_depends_on_the_first_release() {
        let cases = [
            ("0.1.3", Some(Severity::Breaking), Some((Step::Minor, "0.2.0"))),
            ("0.1.3", Some(Severity::Additive), Some((Step::Patch, "0.1.4"))),
            ("0.1.3", Some(Severity::Documentation), Some((Step::Patch, "0.1.4"))),
            ("1.4.2", Some(Severity::Breaking), Some((Step::Major, "2.0.0"))),
            ("1.4.2", Some(Severity::Additive), Some((Step::Minor, "1.5.0"))),
            ("1.4.2", Some(Severity::Documentation), Some((Step::Patch, "1.4.3"))),
            ("1.4.2", None, None),
        ];
        for (version, worst, expected) in cases {
            let expected = expected.map(|(step, next)| (step, Version::parse(next).unwrap()));
            assert_eq!(
                next_version(&Version::parse(version).unwrap(), worst),
                expected,
                "{version} {worst:?}"
            );
        }
    }
}
