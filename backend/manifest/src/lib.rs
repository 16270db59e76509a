//! Felag.
