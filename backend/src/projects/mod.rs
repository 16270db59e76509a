//! Open projects: their page, their members, and who answers for their money. A project outlives its campaigns.

pub mod store;
