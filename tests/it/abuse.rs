//! Those who mean harm: stolen cards tried in bulk, forged news, news in every order.

mod card_testing;
mod forged;
mod orders;
