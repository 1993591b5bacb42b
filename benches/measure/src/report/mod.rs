//! What is written of all samples.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::sample::{Machine, Sample};

/// Writes everything into this folder.
///
/// # Errors
///
/// If the folder cannot be written to.
pub fn write(samples: &[Sample], machine: &Machine, out: &Path) -> Result<()> {
    fs::create_dir_all(out)?;
    let all = json!({ "machine": machine, "samples": samples });
    fs::write(out.join("results.json"), serde_json::to_string_pretty(&all)?)?;
    Ok(())
}
