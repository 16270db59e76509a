//! Pledges from the first page to the end of the window: what backers see, what is charged, what is booked.

mod after_the_deadline;
mod before_the_deadline;
mod cancellation;
mod slow_cards;
mod stock;
mod trouble;
