//! The program as a process of its own, whose memory can be measured.
#![allow(dead_code, reason = "each test uses a part")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A portal that runs until it is dropped.
pub(crate) struct Process {
    process: Child,
    /// The address of the webhook: `http://127.0.0.1:1234/rest/1/secret/`.
    pub webhook: String,
}

impl Process {
    /// Starts the program on a free port.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut webhook = String::new();
        for line in BufReader::new(process.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("a line");
            if let Some(url) = line.strip_prefix("webhook") {
                url.trim().clone_into(&mut webhook);
            }
            if line.starts_with("listening on") {
                break;
            }
        }
        Self { process, webhook }
    }

    /// `http://127.0.0.1:1234`
    pub(crate) fn origin(&self) -> &str {
        self.webhook.split("/rest").next().unwrap_or_default()
    }

    /// The address without the scheme.
    pub(crate) fn authority(&self) -> &str {
        self.origin().trim_start_matches("http://")
    }

    /// The path of a method.
    pub(crate) fn path(&self, method: &str) -> String {
        format!("{}{method}", self.webhook.trim_start_matches(self.origin()))
    }

    /// Memory in mebibytes: `VmRSS` now, `VmHWM` at most. `None` where the system does not say it.
    pub(crate) fn memory(&self, field: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(field))?;
        let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kibibytes / 1024)
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.process.try_wait().is_ok_and(|status| status.is_none())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
