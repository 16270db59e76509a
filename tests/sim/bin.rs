//! `felag-sim`: the platform simulation for as long as one likes.

fn main() {}
