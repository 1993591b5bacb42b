//! The file service: its cases as documents, conditions by the letter of the RFC, folders that change meanwhile.

mod cases;
mod conditions;
mod document;
mod folder;
mod folders;
