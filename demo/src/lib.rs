//! A fake Bitrix24 portal, written after the public documentation and the portal's behaviour, oddities included. Tests start
//! it in-process ([`Portal::start`]); the binary `demo portal` serves it to everything else.

mod portal;

pub use portal::*;
